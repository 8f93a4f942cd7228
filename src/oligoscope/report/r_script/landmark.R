# ---- landmarks: survival from each of them, by what had happened until then ------------------------------------
ANALYSES$landmark <- function(study, d, a) {
  if (all(d$progressed == "yes")) return(withheld("os", "", "", "", "n"))
  covariates <- adjusting(d, a)
  for (v in covariates$out) withheld("os", "", v, "", "covariate")
  for (at in c(3, 6, 9)) {
    day <- at * MONTH
    before <- !blank(d$progressed_day) & d$progressed_day <= day
    # Time and entry are made months and counted from the landmark alike: who enters on the day of a death is not at risk of it.
    r <- data.frame(group = ifelse(before, d$pattern, STATES[1]), months = d$os_days / MONTH - at, event = d$os_event, row = seq_len(nrow(d)))
    entry <- entry_of(d, "os")
    if (!is.null(entry)) r$entry <- pmax(entry - at, 0)
    r$.centre <- centre_of(d)
    r <- r[which(d$os_days > day), ]
    r <- r[complete.cases(r), ]
    variable <- paste0("landmark_", at, "_months")
    for (s in STATES) {
      x <- r[r$group == s, ]
      if (nrow(x)) describe("os", s, x, variable, c())
      else say("os", s, variable, "", "n", 0)
    }
    for (p in PAIRS) {
      two <- STATES[p]
      x <- r[r$group %in% two, ]
      pair <- versus(two)
      if (length(a$adjust_for)) {
        k <- x[known_of(d, x$row, covariates$names), ]
        say_adjusted("os", pair, variable, "", k, as.numeric(k$group == two[1]), adjusting_columns(d, k$row, covariates$names), a,
                     sparse_in(k, two, a$minimum_events))
      }
      if (sparse_in(x, two, a$minimum_events)) { withheld("os", pair, variable, "", "hazard_ratio"); next }
      x$first <- as.numeric(x$group == two[1])
      test <- log_rank(x)
      hr <- if (is.na(test[2])) NULL else first_ratio(x, x$first, a)
      if (is.null(hr)) { withheld("os", pair, variable, "", "hazard_ratio"); next }
      say("os", pair, variable, "", "hazard_ratio", hr[1], hr[2], hr[3])
      z <- proportional(cox_of(without_frailty(x), x$first))
      if (!is.na(z)) say("os", pair, variable, "", "p_value_proportional_hazards", z)
      say("os", pair, variable, "", "p_value", test[2])
      if (!is.na(test[1])) say("os", pair, variable, "", "test_statistic", test[1])
      if (!is.na(z) && z < 0.05) change_of_hazards(x, two, "os", a, variable)
    }
  }
}
