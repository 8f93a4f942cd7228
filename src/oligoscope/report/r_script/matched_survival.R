# ---- survival after matching: curves, tests and ratios robust to the sets, pooled over imputations ----------
FEW_SETS <- 30  # a variance robust to so few sets takes Student's t with one less (docs/methods.md)
survival_matched <- function(study, a) {
  clustered <- a$by == "pattern" && length(a$where) == 0
  cohorts <- matched_cohorts(study, a, clustered)
  m <- length(cohorts)
  plain <- plain_weights(cohorts)
  again <- serves_again(study)
  once <- function(r) r[!duplicated(r$patient), ]
  for (outcome in a$outcomes) {
    rows <- lapply(cohorts, function(d) {
      r <- rows_of(d, a$by, outcome)
      r$w <- d$.weight[r$row]; r$set <- d$.set[r$row]; r$patient <- d$patient_id[r$row]
      r$.centre <- centre_of(d)[r$row]
      r
    })
    groups <- groups_of(a, unlist(lapply(rows, function(r) r$group)))
    for (g in groups) {
      parts <- Filter(nrow, lapply(rows, function(r) r[r$group == g, ]))
      size <- vapply(parts, function(r) nrow(once(r)), 0)
      say(outcome, g, "", "", "n", mean(size), if (length(size) > 1) min(size) else NA, if (length(size) > 1) max(size) else NA)
      say(outcome, g, "", "", "events", mean(vapply(parts, function(r) sum(once(r)$event), 0)))
      if (!plain) {
        say(outcome, g, "", "", "weighted_n", mean(vapply(parts, function(r) sum(r$w), 0)), NaN, NaN)
        say(outcome, g, "", "", "weighted_events", mean(vapply(parts, function(r) sum(r$w * r$event), 0)), NaN, NaN)
      }
      if (length(parts) < m || is_small(size)) { describe_not(outcome, g); next }
      fits <- lapply(parts, function(r) if (plain) km(r) else km(r, cluster = if (again) r$patient else r$set))
      if (length(fits) == 1) {
        md <- median_of(fits[[1]])
        at <- function(t) survival_at(fits[[1]], t)
      } else {
        curve <- pooled_curve(fits)
        if (!length(curve$time)) next
        md <- apply(curve$line, 1, function(line) crossing(curve$time, line))
        at <- function(t) curve_at(curve, t)
      }
      say(outcome, g, "", "", "median", md[1], md[2], md[3])
      for (t in c(6, 12, 24)) {
        s <- at(t)
        say(outcome, g, "", "", paste0("survival_", t, "_months"), s[1], s[2], s[3])
      }
    }
    if (length(groups) != 2) next
    pair <- versus(groups)
    rows <- lapply(rows, function(r) { r$first <- as.numeric(r$group == groups[1]); r })
    tests <- vapply(rows, function(r) {
      if (plain) return(log_rank(r))
      if (is_alike(r)) return(log_rank_of_centres(r, r$w))
      r$.centre <- NULL  # the weighted test is not made within centres
      fit <- cox_of(r, r$first, r$w, r$set, ties = "breslow")
      if (is.null(fit) || sum(r$event) == 0 || !is.finite(fit$rscore)) c(NA, NA)
      else c(fit$rscore, pchisq(fit$rscore, 1, lower.tail = FALSE))
    }, c(0, 0))
    people <- lapply(rows, once)
    sparse <- any(vapply(people, sparse_in, TRUE, groups, a$minimum_events))
    if (sparse || anyNA(tests)) withheld(outcome, pair, "log_rank", "", "p_value")
    else {
      say(outcome, pair, "log_rank", "", "p_value", median(tests[2, ]))
      at <- median_at(tests[2, ])
      if (!is.na(at)) say(outcome, pair, "log_rank", "", "test_statistic", tests[1, at])
    }
    if (sparse || anyNA(tests)) {
      withheld(outcome, pair, "", "", "hazard_ratio")
      withheld(outcome, pair, "cox", "", "p_value")
      next
    }
    fit_by <- function(r, labels) cox_of(r, r$first, r$w, labels)
    fits <- lapply(rows, function(r) if (plain && !clustered) cox_of(r, r$first) else fit_by(r, r$set))
    if (any(vapply(fits, is.null, TRUE))) { withheld(outcome, pair, "", "", "hazard_ratio"); next }
    complete <- if (m > 1) max(min(vapply(people, function(r) sum(r$event), 0)) - 1, 1) else Inf
    n_sets <- min(vapply(rows, function(r) length(unique(r$set)), 0))
    of_sets <- if (clustered && n_sets <= FEW_SETS) min(complete, max(n_sets - 1, 1)) else complete
    alike <- is_alike(rows[[1]])
    if (alike) complete <- min(vapply(rows, df_of, 0, complete))
    else if (clustered && n_sets <= FEW_SETS) complete <- min(complete, max(n_sets - 1, 1))
    x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    se <- sqrt(x$t)
    hr <- ratio(x$q, se, x$df)
    say(outcome, pair, "", "", "hazard_ratio", hr[1], hr[2], hr[3])
    say(outcome, pair, "", "", "log_hazard_ratio", x$q)
    say(outcome, pair, "", "", "log_hazard_ratio_se", se)
    say(outcome, pair, "cox", "", "p_value", p_of(x$q / se, x$df))
    if (m > 1) {
      say(outcome, pair, "", "", "variance_share_between_imputations", x$lambda)
      say_errors(outcome, pair, "", "", vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
    }
    if (clustered && again && !alike) {
      # Austin & Cafri 2020: by sets, plus by patients, less by both.
      v <- vapply(rows, function(r) {
        one <- function(labels) { k <- length(unique(labels)); k / (k - 1) * fit_by(r, labels)$var[1] }
        one(r$set) + one(r$patient) - one(paste(r$set, r$patient))
      }, 0)
      if (!all(v > 0)) withheld(outcome, pair, "", "", "hazard_ratio_two_way")
      else {
        y <- pool(vapply(fits, coef, 0), v, complete)
        two <- ratio(y$q, sqrt(y$t), y$df)
        say(outcome, pair, "", "", "hazard_ratio_two_way", two[1], two[2], two[3])
        say(outcome, pair, "two_way", "", "p_value", p_of(y$q / sqrt(y$t), y$df))
      }
    }
    if (clustered && all(is.finite(hr))) {
      share <- mean(vapply(people, function(r) mean(r$event), 0))
      e <- e_value(hr[1], hr[2], hr[3], common(share, of_hazards))
      say(outcome, pair, "", "", "e_value", e[1], e[2])
    }
    z <- vapply(rows, function(r) {
      fit <- cox_of(without_frailty(r), r$first, if (!plain) r$w)
      if (is.null(fit)) NA else proportional(fit)
    }, 0)
    if (any(!is.na(z))) say(outcome, pair, "", "", "p_value_proportional_hazards", median(z, na.rm = TRUE))
    if (any(!is.na(z)) && median(z, na.rm = TRUE) < 0.05)
      change_of_hazards_in_sets(lapply(rows, function(r) { r$.centre <- NULL; r }), groups, outcome, a, of_sets, plain, clustered)
  }
}

