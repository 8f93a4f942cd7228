# ---- survival after matching -----------------------------------------------------------------------
all_weigh_one <- function(cohorts) all(vapply(cohorts, function(d) {
  all(abs(d$.weight - 1) < 1e-9) && !anyDuplicated(d$patient_id)
}, TRUE))
serve_again <- function() any(vapply(unique(matched_pairs$imputation), function(i) {
  anyDuplicated(matched_sets(i, TRUE)$patient_id) > 0
}, TRUE))

# Curves on log(-log S): Marshall, Altman, Holder & Royston 2009.
pooled_step <- function(s, v) {
  if (any(s == 1)) return(c(1, NA, NA))
  if (all(s == 0)) return(c(0, NA, NA))
  if (any(s == 0)) return(c(NA, NA, NA))
  q <- log(-log(s)); u <- v / (s * log(s))^2
  x <- if (length(s) == 1 || var(q) == 0) list(df = Inf, t = mean(u)) else pool(q, u)
  exp(-exp(mean(q) + c(0, 1, -1) * qt(0.975, x$df) * sqrt(x$t)))
}
pooled_curve <- function(fits) {
  times <- sort(unique(unlist(lapply(fits, function(f) f$time))))
  times <- times[times <= min(vapply(fits, function(f) max(f$time), 0))]
  steps <- vapply(times, function(t) {
    at <- vapply(fits, function(f) {
      i <- findInterval(t, f$time)
      if (i == 0) c(1, 0) else c(f$surv[i], (if (isFALSE(f$logse)) f$std.err[i] else f$surv[i] * f$std.err[i])^2)
    }, c(0, 0))
    pooled_step(at[1, ], at[2, ])
  }, c(0, 0, 0))
  known <- !is.na(steps[1, ])
  list(time = times[known], line = steps[, known, drop = FALSE])
}
pooled_at <- function(curve, t) {
  if (t > max(curve$time) * (1 + 1e-9)) return(if (min(curve$line[1, ]) == 0) c(0, NA, NA) else c(NA, NA, NA))
  i <- findInterval(t * (1 + 1e-9), curve$time)
  if (i == 0) c(1, NA, NA) else curve$line[, i]
}
FEW_SETS <- 30  # a variance robust to so few sets takes Student's t

survival_after_matching <- function(named_as, by, outcome, groups, named = groups, pair = NULL, where = list()) {
  in_sets <- by == "pattern" && !length(where)
  cohorts <- matched_cohorts(where, in_sets)
  many <- length(cohorts) > 1
  plain <- all_weigh_one(cohorts)
  again <- serve_again()
  once <- function(r) r[!duplicated(r$patient), , drop = FALSE]
  rows <- lapply(cohorts, function(d) {
    r <- rows_of(d, by, outcome)
    r$weight <- d$.weight[r$row]; r$set <- d$.set[r$row]; r$patient <- d$patient_id[r$row]
    r
  })
  at <- function(group, variable = "") c("survival", named_as, outcome, group, variable, "")
  for (i in seq_along(groups)) {
    parts <- Filter(nrow, lapply(rows, function(r) r[r$group == groups[i], , drop = FALSE]))
    if (!length(parts)) next
    size <- vapply(parts, function(r) nrow(once(r)), 0)
    same(at(named[i]), "n", mean(size), if (many) min(size), if (many) max(size))
    same(at(named[i]), "events", mean(vapply(parts, function(r) sum(once(r)$event), 0)))
    if (!plain) {
      same(at(named[i]), "weighted_n", mean(vapply(parts, function(r) sum(r$weight), 0)))
      same(at(named[i]), "weighted_events", mean(vapply(parts, function(r) sum(r$weight * r$event), 0)))
    }
    fits <- lapply(parts, function(r) if (plain) curve_of(r) else curve_of(r, cluster = if (again) r$patient else r$set))
    if (length(fits) == 1) {
      m <- median_of(fits[[1]])
      step <- function(t) survival_at(fits[[1]], t)
    } else {
      curve <- pooled_curve(fits)
      if (!length(curve$time)) next
      m <- apply(curve$line, 1, function(line) crossing(curve$time, line))
      step <- function(t) pooled_at(curve, t)
    }
    same(at(named[i]), "median", m[1], m[2], m[3])
    for (t in c(6, 12, 24)) {
      s <- step(t)
      same(at(named[i]), paste0("survival_", t, "_months"), s[1], s[2], s[3])
    }
  }
  if (is.null(pair) || length(groups) != 2) return(invisible())
  first <- function(r) as.numeric(r$group == groups[1])
  tests <- vapply(rows, function(r) attempt(if (plain) log_rank(r) else {
    x <- cox_of(r, first(r), r$weight, r$set, ties = "breslow")$rscore
    c(x, pchisq(x, 1, lower.tail = FALSE))
  }, c(NA, NA)), c(0, 0))
  same(at(pair, "log_rank"), "p_value", median(tests[2, ]))
  same(at(pair, "log_rank"), "test_statistic", tests[1, of_median(tests[2, ])])
  by_label <- function(r, label) cox_of(r, first(r), r$weight, label)
  fits <- lapply(rows, function(r) attempt(if (plain && !in_sets) cox_of(r, first(r)) else by_label(r, r$set), NULL))
  if (any(vapply(fits, is.null, TRUE))) return(invisible())
  people <- lapply(rows, once)
  complete <- if (many) max(min(vapply(people, function(r) sum(r$event), 0)) - 1, 1) else Inf
  n_sets <- min(vapply(rows, function(r) length(unique(r$set)), 0))
  if (in_sets && n_sets <= FEW_SETS) complete <- min(complete, max(n_sets - 1, 1))
  x <- pool(vapply(fits, coef, 0), vapply(fits, function(f) f$var[1], 0), complete)
  say_ratio(at(pair), x$q, sqrt(x$t), x$df)
  same(at(pair, "cox"), "p_value", p_of(x$q / sqrt(x$t), x$df))
  same(at(pair), "variance_share_between_imputations", x$between)
  if (in_sets && again) {
    # Austin & Cafri 2020: by sets, plus by patients, less by both.
    v <- vapply(rows, function(r) {
      one <- function(label) { k <- length(unique(label)); k / (k - 1) * by_label(r, label)$var[1] }
      one(r$set) + one(r$patient) - one(paste(r$set, r$patient, sep = "\x1f"))
    }, 0)
    if (all(v > 0)) {
      y <- pool(vapply(fits, coef, 0), v, complete)
      two <- ratio(y$q, sqrt(y$t), y$df)
      same(at(pair), "hazard_ratio_two_way", two[1], two[2], two[3])
      same(at(pair, "two_way"), "p_value", p_of(y$q / sqrt(y$t), y$df))
    }
  }
  z <- vapply(rows, function(r) attempt(proportional(cox_of(r, first(r), if (!plain) r$weight)), NA), 0)
  if (any(!is.na(z))) same(at(pair), "p_value_proportional_hazards", median(z, na.rm = TRUE))
}
