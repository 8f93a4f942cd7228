# ---- restricted means: the area under each curve up to horizons set beforehand, and to the common follow-up --------
ANALYSES$restricted_means <- function(study, d, a) for (outcome in a$outcomes) {
  r <- rows_of(d, a$by, outcome)
  groups <- groups_of(a, r$group)
  if (length(groups) != 2) { withheld(outcome, "", "", "", "restricted_mean_difference"); next }
  pair <- versus(groups)
  of <- lapply(groups, function(g) r[r$group == g, ])
  if (is_small(vapply(of, nrow, 0L))) { withheld(outcome, pair, "", "", "restricted_mean_difference"); next }
  common <- min(vapply(of, function(x) max(x$months), 0))
  say(outcome, pair, "", "", "restricted_mean_horizon", common)
  fixed <- c(12, 24, 36); fixed <- fixed[fixed <= common]
  for (t in c(fixed, common)) {
    name <- function(statistic) if (t %in% fixed) paste0(statistic, "_", t, "_months") else statistic
    means <- lapply(of, restricted_mean, t)
    one <- means[[1]]; two <- means[[2]]
    constant <- one[2] == 0 && two[2] == 0 || common == 0
    if (!constant) for (i in 1:2) {
      m <- means[[i]]; limits <- c(m[1], m[1] - Z * m[2], m[1] + Z * m[2])
      say(outcome, groups[i], "", "", name("restricted_mean"), limits[1], limits[2], limits[3])
      say(outcome, groups[i], "", "", name("restricted_time_lost"), t - limits[1], t - limits[3], t - limits[2])
    }
    few <- min(vapply(of, function(x) sum(x$event == 1 & x$months < t), 0)) < a$minimum_events
    if (constant || few) {
      withheld(outcome, pair, "", "", name("restricted_mean_difference"))
      withheld(outcome, pair, "", "", name("restricted_mean_ratio"))
      withheld(outcome, pair, "restricted_mean", "", name("p_value"))
      next
    }
    gap <- one[1] - two[1]; se <- sqrt(one[2]^2 + two[2]^2)
    say(outcome, pair, "", "", name("restricted_mean_difference"), gap, gap - Z * se, gap + Z * se)
    log_se <- sqrt((one[2] / one[1])^2 + (two[2] / two[1])^2)
    x <- ratio(log(one[1] / two[1]), log_se)
    say(outcome, pair, "", "", name("restricted_mean_ratio"), x[1], x[2], x[3])
    say(outcome, pair, "restricted_mean", "", name("p_value"), p_of(gap / se))
  }
}
