# ---- weights in place of matches: Cox models with weights, and limits that know or do not know that these are estimated -----------
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
    x <- cbind(1, x[, !is.na(coef(fit)[-1]), drop = FALSE])
    list(d = d, names = names, first = first, x = x, e = fitted(fit), per_variable = min(sum(first), sum(!first)) / sum(!is.na(coef(fit)[-1])))
  })
  if (any(vapply(scored, is.null, TRUE))) return(none())
  if (any(vapply(scored, is.character, TRUE))) return(invisible())
  per_variable <- min(vapply(scored, function(s) s$per_variable, 0))
  if (per_variable < study$settings$matching$minimum_events_per_variable) {
    return(none())
  }
  say("", versus(groups), "", "", "events_per_parameter", per_variable)
  settings <- study$settings$weighting; pair <- versus(groups); known <- identical(settings$limits, "robust")
  for (target in targets_of(settings)) {
    made <- lapply(scored, function(s) weights_for(target, s, settings$truncate))
    if (any(vapply(made, function(m) is.null(m$w), TRUE))) { withheld("", "", target, "", "hazard_ratio"); next }
    weights <- lapply(made, function(m) m$w)
    check_weights(study, a, target, lapply(scored, function(s) s$d$patient_id), weights)
    of <- function(i, f) mapply(function(s, w) f(w[s$first == 2 - i]), scored, weights)
    worth <- lapply(1:2, of, function(w) sum(w)^2 / sum(w^2))
    for (i in 1:2) {
      say("", groups[i], target, "", "effective_n", mean(worth[[i]]))
      say("", groups[i], target, "", "largest_weight", max(of(i, function(w) max(w) / mean(w))))
    }
    if (!is.null(settings$truncate)) say("", pair, target, "", "n_truncated", mean(vapply(made, function(m) m$cut, 0)))
    say_weighted_balance(scored, weights, target, pair)
    if (are_sealed(study, scored, weights)) {
      for (outcome in a$outcomes) withheld(outcome, pair, target, "", "hazard_ratio")
      next
    }
    for (outcome in a$outcomes) say_weighted(a, outcome, target, groups, scored, made, settings, known)
  }
  sealed <- are_sealed(study, scored, lapply(scored, function(s) weights_for("ate", s)$w))
  for (outcome in a$outcomes) say_doubly_robust(a, outcome, groups, scored, sealed)
}
say_weighted <- function(a, outcome, target, groups, scored, made, settings, known) {
  pair <- versus(groups); lead <- target == settings$lead
  rows <- Map(function(s, m) {
    r <- rows_of(s$d, a$by, outcome)
    r$w <- m$w[r$row]; r$first <- s$first[r$row]
    r[r$w > 0, ]
  }, scored, made)
  if (lead) say_weighted_curves(outcome, target, groups, rows)
  if (any(vapply(rows, sparse_in, TRUE, groups, a$minimum_events))) {
    withheld(outcome, pair, target, "", "hazard_ratio")
    if (lead) withheld(outcome, pair, target, "", "p_value_log_rank")
    return(invisible())
  }
  if (lead) say(outcome, pair, target, "", "p_value_log_rank", median(mapply(log_rank_weighted, rows, made, MoreArgs = list(known = known))))
  fits <- lapply(rows, function(r) cox_of(r, r$first, r$w, seq_len(nrow(r))))
  if (any(vapply(fits, is.null, TRUE))) return(invisible())
  beta <- vapply(fits, coef, 0)
  # What the bootstrap draws is not drawn again.
  if (identical(settings$limits, "bootstrap")) return(say(outcome, pair, target, "", "hazard_ratio", exp(mean(beta)), NaN, NaN))
  u <- if (known) vapply(fits, function(f) f$var[1], 0) else mapply(function(r, m, b, f) {
    sum(parts_of_score(r, m, b, "efron", FALSE)$parts^2) * f$naive.var[1]^2
  }, rows, made, beta, fits)
  complete <- if (length(fits) > 1) max(min(vapply(rows, function(r) sum(r$event), 0)) - 1, 1) else Inf
  x <- pool(beta, u, complete)
  hr <- ratio(x$q, sqrt(x$t), x$df)
  say(outcome, pair, target, "", "hazard_ratio", hr[1], hr[2], hr[3])
  say(outcome, pair, target, "", "p_value", p_of(x$q / sqrt(x$t), x$df))
  say_errors(outcome, pair, target, "", beta, u, complete)
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
