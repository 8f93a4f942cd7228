# ---- survival by group: curves, log-rank, Cox; where hazards are not proportional, means and ratios by period ----
ANALYSES$survival <- function(study, d, a) {
  if (a$population == "matched") survival_matched(study, a) else survival_by_group(d, a)
}
survival_by_group <- function(d, a) for (outcome in a$outcomes) {
  r <- rows_of(d, a$by, outcome)
  r$.centre <- centre_of(d)[r$row]
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
  x <- if (!sparse && !is.na(test[2])) first_ratio(r, r$first, a)
  if (is.null(x)) {
    withheld(outcome, pair, "", "", "hazard_ratio")
    withheld(outcome, pair, "cox", "", "p_value")
  } else {
    say(outcome, pair, "", "", "hazard_ratio", x[1], x[2], x[3])
    say(outcome, pair, "", "", "log_hazard_ratio", x[4])
    say(outcome, pair, "", "", "log_hazard_ratio_se", x[5])
    say(outcome, pair, "cox", "", "p_value", x[6])
    z <- proportional(cox_of(without_frailty(r), r$first))
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
  y$.centre <- centre_of(d)
  y <- y[complete.cases(y), ]
  if (!nrow(y) || sparse_in(y, groups, a$minimum_events)) return(invisible())
  per_variable <- sum(y$event) / (2 + fit_ecog)
  say(outcome, pair, "", "", "events_per_parameter", per_variable)
  x <- cbind(first = as.numeric(y$group == groups[1]), late = y$late)
  few <- per_variable < a$minimum_events_per_variable
  hr <- first_ratio(y, if (fit_ecog) cbind(x, ecog = y$ecog) else x, a, few)
  if (is.null(hr)) return(if (few) withheld(outcome, pair, "", "", "hazard_ratio_adjusted") else invisible())
  say(outcome, pair, "", "", "hazard_ratio_adjusted", hr[1], hr[2], hr[3])
  say(outcome, pair, "", "", "p_value_adjusted", hr[6])
}
