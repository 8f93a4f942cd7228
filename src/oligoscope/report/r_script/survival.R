# ---- survival by group: curves, log-rank, Cox; where hazards are not proportional, means and ratios by period ----
ANALYSES$survival <- function(study, d, a) {
  if (a$population == "matched") survival_matched(study, a) else survival_by_group(d, a)
}
survival_by_group <- function(d, a) for (outcome in a$outcomes) {
  r <- rows_of(d, a$by, outcome)
  groups <- groups_of(a, r$group)
  if (!length(groups)) for (statistic in c("median", "hazard_ratio")) withheld(outcome, "", "", "", statistic)
  for (g in groups) {
    x <- r[r$group == g, ]
    describe(outcome, g, x)
    m <- if (is_small(nrow(x))) c(NA, NA, NA) else median_of(km(x, "plain"))
    say(outcome, g, "", "", "median_plain", m[1], m[2], m[3])
  }
  if (length(groups) < 2) next
  pair <- versus(groups)
  sparse <- sparse_in(r, groups, a$minimum_events)
  test <- if (sparse) c(NA, NA) else log_rank(r)
  say(outcome, pair, "log_rank", "", "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, "log_rank", "", "test_statistic", test[1])
  if (length(groups) > 2) next
  r$first <- as.numeric(r$group == groups[1])
  fit <- if (!sparse && !is.na(test[2])) cox_of(r, r$first)
  if (is.null(fit)) {
    withheld(outcome, pair, "", "", "hazard_ratio")
    withheld(outcome, pair, "cox", "", "p_value")
  } else {
    b <- coef(fit); se <- sqrt(fit$var[1])
    x <- ratio(b, se)
    say(outcome, pair, "", "", "hazard_ratio", x[1], x[2], x[3])
    say(outcome, pair, "", "", "log_hazard_ratio", b)
    say(outcome, pair, "", "", "log_hazard_ratio_se", se)
    say(outcome, pair, "cox", "", "p_value", p_of(b / se))
    z <- proportional(fit)
    if (!is.na(z)) say(outcome, pair, "", "", "p_value_proportional_hazards", z)
    if (!is.na(z) && z < 0.05) change_of_hazards(r, groups, outcome, a)
  }
  survival_adjusted(d, groups, outcome, a)
}
survival_adjusted <- function(d, groups, outcome, a) {
  if (a$by != "pattern" || outcome != "pps") return(invisible())
  pair <- versus(groups)
  d <- keep(d, as.numeric(d$pfs_days) > 0)
  fit_ecog <- "ecog" %in% names(d) && length(unique(d$ecog[!blank(d$ecog)])) > 1
  y <- data.frame(group = words(d, a$by), months = as.numeric(d$pps_days) / MONTH, event = as.numeric(d$pps_event),
                  late = log(as.numeric(d$pfs_days)), ecog = if (fit_ecog) as.numeric(d$ecog) else rep(0, nrow(d)))
  y$entry <- entry_of(d, "pps")
  y <- y[complete.cases(y), ]
  if (!nrow(y) || sparse_in(y, groups, a$minimum_events)) return(invisible())
  per_variable <- sum(y$event) / (2 + fit_ecog)
  say(outcome, pair, "", "", "events_per_parameter", per_variable)
  if (per_variable < a$minimum_events_per_variable) return(withheld(outcome, pair, "", "", "hazard_ratio_adjusted"))
  x <- cbind(first = as.numeric(y$group == groups[1]), late = y$late)
  fit <- cox_of(y, if (fit_ecog) cbind(x, ecog = y$ecog) else x)
  if (is.null(fit)) return(invisible())
  se <- sqrt(fit$var[1, 1])
  hr <- ratio(coef(fit)[1], se)
  say(outcome, pair, "", "", "hazard_ratio_adjusted", hr[1], hr[2], hr[3])
  say(outcome, pair, "", "", "p_value_adjusted", p_of(coef(fit)[1] / se))
}
# Beside a ratio that is not the same at all times.
PERIODS <- c(0, 6, 12, Inf)
change_of_hazards <- function(r, groups, outcome, a) {
  pair <- versus(groups)
  of <- list(r[r$first == 1, ], r[r$first == 0, ])
  horizon <- min(max(of[[1]]$months), max(of[[2]]$months))
  means <- lapply(of, restricted_mean, horizon)
  if (means[[1]][2] + means[[2]][2] > 0) {
    say(outcome, pair, "", "", "restricted_mean_horizon", horizon)
    for (i in 1:2) {
      m <- means[[i]]
      say(outcome, groups[i], "", "", "restricted_mean", m[1], m[1] - Z * m[2], m[1] + Z * m[2])
    }
    gap <- means[[1]][1] - means[[2]][1]; se <- sqrt(means[[1]][2]^2 + means[[2]][2]^2)
    say(outcome, pair, "", "", "restricted_mean_difference", gap, gap - Z * se, gap + Z * se)
    say(outcome, pair, "restricted_mean", "", "p_value", p_of(gap / se))
  } else withheld(outcome, pair, "", "", "restricted_mean_difference")
  begin <- r$entry %||% rep(0, nrow(r))
  parts <- do.call(rbind, lapply(1:3, function(i) data.frame(
    entry = pmax(begin, PERIODS[i]), months = pmin(r$months, PERIODS[i + 1]), period = i, first = r$first,
    event = r$event * (r$months > PERIODS[i] & r$months <= PERIODS[i + 1]))))
  parts <- parts[parts$months > parts$entry, ]
  columns <- outer(parts$period, 1:3, `==`) * parts$first
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  fit <- tryCatch(coxph(seen(parts) ~ columns, control = control), error = function(e) NULL)
  one <- tryCatch(coxph(seen(parts) ~ parts$first, control = control), error = function(e) NULL)
  for (i in 1:3) {
    inside <- r$months > PERIODS[i] & r$months <= PERIODS[i + 1] & r$event == 1
    name <- if (is.finite(PERIODS[i + 1])) paste0(PERIODS[i], "-", PERIODS[i + 1]) else paste0(">", PERIODS[i])
    if (is.null(fit) || min(sum(inside & r$first == 1), sum(inside & r$first == 0)) < a$minimum_events) {
      withheld(outcome, pair, "period", name, "hazard_ratio_period"); next
    }
    hr <- ratio(coef(fit)[i], sqrt(fit$var[i, i]))
    say(outcome, pair, "period", name, "hazard_ratio_period", hr[1], hr[2], hr[3])
  }
  if (is.null(fit)) return(invisible())
  df <- sum(!is.na(coef(fit))) - 1
  if (df > 0) say(outcome, pair, "period", "", "p_value", pchisq(2 * (fit$loglik[2] - one$loglik[2]), df, lower.tail = FALSE))
}
