# ---- weights in place of matches: Cox with weights of the propensity score, robust to each patient ----------------
ANALYSES$weighting <- function(study, d, a) {
  study$completed <- completed_of(study, a)
  cohorts <- lapply(study$completed, function(d) { d <- select(d, a); keep(d, !blank(words(d, a$by))) })
  groups <- groups_of(a, unlist(lapply(cohorts, words, a$by)))
  covariates <- unlist(study$settings$matching$covariates)
  for (v in covariates) if (v == a$by || (nrow(cohorts[[1]]) && !is.null(left_out(cohorts, v)))) withheld("", "", v, "", "covariate")
  none <- function() for (outcome in a$outcomes) withheld(outcome, if (length(groups) == 2) versus(groups) else "", "", "", "hazard_ratio")
  if (length(groups) != 2) return(none())
  scored <- lapply(cohorts, function(d) {
    names <- setdiff(usable(d, covariates), a$by)
    first <- as.numeric(words(d, a$by) == groups[1])
    if (!length(names) || min(sum(first), sum(!first)) < study$settings$matching$minimum_group) return(NULL)
    x <- score_columns(d, names)
    fit <- logit_of(first ~ x, list(first = first, x = x))
    if (separated(fit)) return("separated")
    list(d = d, first = first, e = fitted(fit), per_variable = min(sum(first), sum(!first)) / sum(!is.na(coef(fit)[-1])))
  })
  if (any(vapply(scored, is.null, TRUE))) return(none())
  if (any(vapply(scored, is.character, TRUE))) return(invisible())
  per_variable <- min(vapply(scored, function(s) s$per_variable, 0))
  if (per_variable < study$settings$matching$minimum_events_per_variable) {
    return(none())
  }
  say("", versus(groups), "", "", "events_per_parameter", per_variable)
  targets <- list(
    ate = function(g, e) ifelse(g == 1, mean(g) / e, (1 - mean(g)) / (1 - e)),
    att = function(g, e) ifelse(g == 1, 1, e / (1 - e)),
    overlap = function(g, e) ifelse(g == 1, 1 - e, e))
  for (target in names(targets)) {
    weights <- lapply(scored, function(s) targets[[target]](s$first, s$e))
    check_weights(study, a, target, lapply(scored, function(s) s$d$patient_id), weights)
    worth <- lapply(1:2, function(i) mapply(function(s, w) { w <- w[s$first == 2 - i]; sum(w)^2 / sum(w^2) }, scored, weights))
    for (i in 1:2) say("", groups[i], target, "", "effective_n", mean(worth[[i]]))
    if (is_small(unlist(worth))) {
      for (outcome in a$outcomes) withheld(outcome, versus(groups), target, "", "hazard_ratio")
      next
    }
    for (outcome in a$outcomes) {
      rows <- mapply(function(s, w) { r <- rows_of(s$d, a$by, outcome); r$w <- w[r$row]; r }, scored, weights, SIMPLIFY = FALSE)
      pair <- versus(groups)
      if (any(vapply(rows, sparse_in, TRUE, groups, a$minimum_events))) { withheld(outcome, pair, target, "", "hazard_ratio"); next }
      fits <- lapply(rows, function(r) {
        r$first <- as.numeric(r$group == groups[1])
        cox_of(r, r$first, r$w, seq_len(nrow(r)))
      })
      if (any(vapply(fits, is.null, TRUE))) next
      complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
      x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
      hr <- ratio(x$q, sqrt(x$t), x$df)
      say(outcome, pair, target, "", "hazard_ratio", hr[1], hr[2], hr[3])
      say(outcome, pair, target, "", "p_value", p_of(x$q / sqrt(x$t), x$df))
      say_errors(outcome, pair, target, "", vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    }
  }
}

# The weights of weights.csv are these, up to a factor that a group's share gives all of its patients.
check_weights <- function(study, a, target, patients, weights) if (!is.null(study$weights)) {
  w <- study$weights
  w <- w[w$analysis == "weighting" & w$patients == a$patients & w$grouping == a$by & w$target %in% target, ]
  for (i in seq_along(weights)) {
    of <- w[w$imputation == i, ]
    theirs <- as.numeric(of$weight[match(patients[[i]], of$patient_id)])
    check("weights.csv: of the target populations, by the score of glm", abs(theirs - weights[[i]]) <= 1e-6 * pmax(abs(theirs), 1e-6))
  }
}
