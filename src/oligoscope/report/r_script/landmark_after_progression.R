# ---- survival after progression from a landmark: survfit(Surv(time - lm, event) ~ g, subset = time > lm) -----------
ANALYSES$landmark_after_progression <- function(study, d, a) {
  covariates <- adjusting(d, a)
  r <- rows_of(d, a$by, "pps")
  r$.centre <- centre_of(d)[r$row]
  groups <- groups_of(a, r$group)
  days <- a$landmark_days %||% study$settings$window_days
  variable <- paste0("landmark_", days, "_days")
  if (length(groups) != 2) return(withheld("pps", "", variable, "", "hazard_ratio"))
  for (v in covariates$out) withheld("pps", "", v, "", "covariate")
  # In days, which are whole: who died or was last seen on the day of the landmark is left out.
  after <- as.numeric(d$pps_days)[r$row] - days
  is_over <- after <= 0
  for (g in groups) {
    say("pps", g, variable, "", "n_died_before", sum(is_over & r$group == g & r$event == 1))
    say("pps", g, variable, "", "n_censored_before", sum(is_over & r$group == g & r$event == 0))
  }
  r$months <- after / MONTH
  # Who comes under observation after the landmark is at risk from then on.
  if (!is.null(r$entry)) r$entry <- pmax(as.numeric(d$pps_entry_days)[r$row] - days, 0) / MONTH
  r <- r[!is_over, ]
  for (g in groups) {
    x <- r[r$group == g, ]
    if (nrow(x)) describe("pps", g, x, variable, c())
    else say("pps", g, variable, "", "n", 0)
  }
  compare_from_landmark("pps", d, r, groups, a, variable, covariates$names)
}
