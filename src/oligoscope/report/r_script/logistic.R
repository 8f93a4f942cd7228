# ---- logistic regression and its columns -----------------------------------------------------------------------
separated <- function(fit) any(abs(coef(fit)) > 12 & sqrt(diag(vcov(fit))) > 50, na.rm = TRUE) || !fit$converged
logit_of <- function(formula, data) glm(formula, binomial, data, control = glm.control(epsilon = 1e-14, maxit = 60))
columns_of <- function(d, v, everybody = d) {
  if (!is_levels(everybody, v)) return(list(`per unit` = as.numeric(d[[v]])))
  x <- words(d, v); levels <- levels_of(v, words(everybody, v))
  reference <- if (v %in% FIRST_IS_REFERENCE) levels[1] else levels[length(levels)]
  others <- setdiff(levels, reference)
  setNames(lapply(others, function(l) as.numeric(x == l)), paste(others, "vs", reference))
}
# The completed cohorts of an analysis, with those of its patients.
completed_of <- function(study, a) (study$every[[paste(a$population, a$by)]] %||% study$every[[paste(a$population, "pattern")]])$cohorts
score_columns <- function(d, names) do.call(cbind, unlist(lapply(names, function(v) columns_of(d, v)), recursive = FALSE))
