# ---- subgroups: patients, events and the hazard ratio at each level; the interaction -----------------------------
ANALYSES$subgroups <- function(study, d, a) for (outcome in a$outcomes) {
  covariates <- adjusting(d, a)
  for (v in covariates$out) withheld(outcome, "", v, "", "covariate")
  for (v in a$variables) subgroups_of(d, a, outcome, v, covariates$names)
}
subgroups_of <- function(d, a, outcome, v, covariates) {
  if (!(v %in% names(d)) || !is_levels(d, v)) return(withheld(outcome, "", v, "", "p_value_interaction"))
  # A variable of one level makes no subgroups: its only ratio is that of everybody.
  if (nrow(d) && length(levels_of(v, words(d, v))) < 2) return(withheld(outcome, "", v, "", "p_value_interaction"))
  r <- rows_of(d, a$by, outcome)
  r$level <- words(d, v)[r$row]
  r$.centre <- centre_of(d)[r$row]
  r <- r[!blank(r$level), ]
  groups <- groups_of(a, r$group)
  if (length(groups) != 2) return(withheld(outcome, "", v, "", "hazard_ratio"))
  pair <- versus(groups)
  r$first <- as.numeric(r$group == groups[1])
  given <- 0; sparse <- FALSE
  for (l in levels_of(v, r$level)) {
    x <- r[r$level == l, ]
    for (g in groups) {
      say(outcome, g, v, l, "n", sum(x$group == g))
      say(outcome, g, v, l, "events", sum(x$event[x$group == g]))
    }
    if (length(a$adjust_for)) {
      k <- x[known_of(d, x$row, covariates), ]
      say_adjusted(outcome, pair, v, l, k, k$first, adjusting_columns(d, k$row, covariates, v), a, sparse_in(k, groups, a$minimum_events))
    }
    if (sparse_in(x, groups, a$minimum_events)) { sparse <- TRUE; withheld(outcome, pair, v, l, "hazard_ratio"); next }
    hr <- first_ratio(x, x$first, a)
    if (is.null(hr)) { withheld(outcome, pair, v, l, "hazard_ratio"); next }
    given <- given + 1
    say(outcome, pair, v, l, "hazard_ratio", hr[1], hr[2], hr[3])
  }
  if (length(a$adjust_for)) interaction_adjusted(d, r, groups, a, outcome, v, covariates)
  if (sparse || given < 2) return(withheld(outcome, pair, v, "", "p_value_interaction"))
  p <- p_of_product(r)
  if (is.null(p)) return(withheld(outcome, pair, v, "", "p_value_interaction"))
  if (!is.na(p)) say(outcome, pair, v, "", "p_value_interaction", p)
}
# P of the products of group and level, in a model that also holds the columns `x`: by likelihood ratio, where centres are the
# clusters by Wald's test with F, as its variance is between them. NULL with no more centres than products, NA without a product.
p_of_product <- function(r, x = NULL) {
  r$level <- factor(r$level)
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  within <- if (is_within(r)) . ~ . + strata(.centre) else . ~ .
  model <- function(formula) update(if (is.null(x)) formula else update(formula, . ~ . + x), within)
  if (is_alike(r)) {
    fit <- coxph(model(seen(r) ~ first * level), r, cluster = .centre, control = control)
    at <- which(grepl(":", names(coef(fit))) & !is.na(coef(fit)))
    q <- length(at); k <- centres_in(r)
    if (!q || k <= q) return(NULL)
    return(pf(drop(coef(fit)[at] %*% solve(fit$var[at, at], coef(fit)[at])) / q, q, k - 1, lower.tail = FALSE))
  }
  smaller <- coxph(model(seen(r) ~ first + level), r, control = control)
  larger <- coxph(model(seen(r) ~ first * level), r, control = control)
  df <- sum(!is.na(coef(larger))) - sum(!is.na(coef(smaller)))
  if (df > 0) pchisq(2 * (larger$loglik[2] - smaller$loglik[2]), df, lower.tail = FALSE) else NA
}
# The interaction in a model that holds the covariates, too.
interaction_adjusted <- function(d, r, groups, a, outcome, v, covariates) {
  pair <- versus(groups)
  r <- r[known_of(d, r$row, covariates), ]
  x <- adjusting_columns(d, r$row, covariates, v)
  levels <- unique(r$level)
  sparse <- any(vapply(levels, function(l) sparse_in(r[r$level == l, ], groups, a$minimum_events), TRUE))
  if (sparse || !nrow(r) || !ncol(x)) return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  per_variable <- sum(r$event) / (2 * length(levels) - 1 + ncol(x))
  say(outcome, pair, v, "", "events_per_parameter", per_variable)
  if (per_variable < a$minimum_events_per_variable || length(levels) < 2)
    return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  p <- p_of_product(r, x)
  if (is.null(p)) return(withheld(outcome, pair, v, "", "p_value_interaction_adjusted"))
  say(outcome, pair, v, "", "p_value_interaction_adjusted", p)
}
