# ---- two groups compared from a landmark: the adjusted ratio, the crude one and its tests --------------------------
# `r`: group, months and event from the landmark, the patient's row in `d`, entry and centre where they are given.
compare_from_landmark <- function(outcome, d, r, two, a, variable, covariates) {
  x <- r[r$group %in% two, ]
  pair <- versus(two)
  if (length(a$adjust_for)) {
    k <- x[known_of(d, x$row, covariates), ]
    say_adjusted(outcome, pair, variable, "", k, as.numeric(k$group == two[1]), adjusting_columns(d, k$row, covariates), a,
                 sparse_in(k, two, a$minimum_events))
  }
  if (sparse_in(x, two, a$minimum_events)) return(withheld(outcome, pair, variable, "", "hazard_ratio"))
  x$first <- as.numeric(x$group == two[1])
  test <- log_rank(x)
  hr <- if (is.na(test[2])) NULL else first_ratio(x, x$first, a)
  if (is.null(hr)) return(withheld(outcome, pair, variable, "", "hazard_ratio"))
  say(outcome, pair, variable, "", "hazard_ratio", hr[1], hr[2], hr[3])
  z <- proportional(cox_of(without_frailty(x), x$first))
  if (!is.na(z)) say(outcome, pair, variable, "", "p_value_proportional_hazards", z)
  say(outcome, pair, variable, "", "p_value", test[2])
  if (!is.na(test[1])) say(outcome, pair, variable, "", "test_statistic", test[1])
  if (!is.na(z) && z < 0.05) change_of_hazards(x, two, outcome, a, variable)
}
