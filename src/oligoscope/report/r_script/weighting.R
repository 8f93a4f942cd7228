# ---- weights in place of matches: Cox with weights of the propensity score, robust to each patient -----
score_of <- function(d, first, covariates) {
  columns <- lapply(covariates, function(one) {
    x <- words(d, one$variable)
    if (anyNA(x) || length(unique(x)) < 2) return(NULL)
    if (!one$is_levels) return(as.numeric(x))
    vapply(unique(x)[-1], function(level) as.numeric(x == level), numeric(length(x)))
  })
  x <- do.call(cbind, columns)
  fitted(glm(first ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 60)))
}
TARGETS <- list(
  ate = function(g, e) ifelse(g == 1, mean(g) / e, (1 - mean(g)) / (1 - e)),
  att = function(g, e) ifelse(g == 1, 1, e / (1 - e)),
  overlap = function(g, e) ifelse(g == 1, 1 - e, e))
survival_weighted <- function(population, named_as, by, outcomes, groups, named, pair, imputations, covariates, where = list()) {
  cohorts <- lapply(seq_len(imputations), function(i) having(completed(population, by, i), where))
  firsts <- lapply(cohorts, function(d) as.numeric(words(d, by) == groups[1]))
  scores <- mapply(score_of, cohorts, firsts, MoreArgs = list(covariates), SIMPLIFY = FALSE)
  for (target in names(TARGETS)) {
    weights <- mapply(TARGETS[[target]], firsts, scores, SIMPLIFY = FALSE)
    for (i in 1:2) same(c("weighting", named_as, "", named[i], target, ""), "effective_n", mean(mapply(function(g, w) {
      w <- w[g == 2 - i]
      sum(w)^2 / sum(w^2)
    }, firsts, weights)))
    for (outcome in outcomes) {
      rows <- mapply(function(d, w) { r <- rows_of(d, by, outcome); r$weight <- w[r$row]; r }, cohorts, weights, SIMPLIFY = FALSE)
      fits <- lapply(rows, function(r) attempt(cox_of(r, as.numeric(r$group == groups[1]), r$weight, seq_len(nrow(r))), NULL))
      if (any(vapply(fits, is.null, TRUE))) next
      complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
      x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
      hr <- ratio(x$q, sqrt(x$t), x$df)
      at <- c("weighting", named_as, outcome, pair, target, "")
      same(at, "hazard_ratio", hr[1], hr[2], hr[3])
      same(at, "p_value", p_of(x$q / sqrt(x$t), x$df))
    }
  }
}
