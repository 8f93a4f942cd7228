# ---- subgroups: patients, events and the hazard ratio at each level; the interaction -----------------------------
ANALYSES$subgroups <- function(study, d, a) for (outcome in a$outcomes) for (v in a$variables) {
  if (!(v %in% names(d)) || !is_levels(d, v)) { withheld(outcome, "", v, "", "p_value_interaction"); next }
  # A variable of one level makes no subgroups: its only ratio is that of everybody.
  if (nrow(d) && length(levels_of(v, words(d, v))) < 2) { withheld(outcome, "", v, "", "p_value_interaction"); next }
  r <- rows_of(d, a$by, outcome)
  r$level <- words(d, v)[r$row]
  r$.centre <- centre_of(d)[r$row]
  r <- r[!blank(r$level), ]
  groups <- groups_of(a, r$group)
  if (length(groups) != 2) { withheld(outcome, "", v, "", "hazard_ratio"); next }
  pair <- versus(groups)
  r$first <- as.numeric(r$group == groups[1])
  given <- 0; sparse <- FALSE
  for (l in levels_of(v, r$level)) {
    x <- r[r$level == l, ]
    for (g in groups) {
      say(outcome, g, v, l, "n", sum(x$group == g))
      say(outcome, g, v, l, "events", sum(x$event[x$group == g]))
    }
    if (sparse_in(x, groups, a$minimum_events)) { sparse <- TRUE; withheld(outcome, pair, v, l, "hazard_ratio"); next }
    given <- given + 1
    fit <- cox_of(x, x$first)
    if (is.null(fit)) { withheld(outcome, pair, v, l, "hazard_ratio"); next }
    hr <- ratio(coef(fit), sqrt(fit$var[1]), df_of(x))
    say(outcome, pair, v, l, "hazard_ratio", hr[1], hr[2], hr[3])
  }
  if (sparse || given < 2) { withheld(outcome, pair, v, "", "p_value_interaction"); next }
  r$level <- factor(r$level)
  control <- coxph.control(eps = 1e-11, iter.max = 50)
  if (is_alike(r)) {
    # Wald of the products, by F: its variance is between the centres.
    fit <- coxph(seen(r) ~ first * level, r, cluster = .centre, control = control)
    at <- which(grepl(":", names(coef(fit))) & !is.na(coef(fit)))
    q <- length(at); k <- centres_in(r)
    if (!q || k <= q) { withheld(outcome, pair, v, "", "p_value_interaction"); next }
    wald <- drop(coef(fit)[at] %*% solve(fit$var[at, at], coef(fit)[at]))
    say(outcome, pair, v, "", "p_value_interaction", pf(wald / q, q, k - 1, lower.tail = FALSE))
    next
  }
  within <- if (is_within(r)) . ~ . + strata(.centre) else . ~ .
  smaller <- coxph(update(seen(r) ~ first + level, within), r, control = control)
  larger <- coxph(update(seen(r) ~ first * level, within), r, control = control)
  df <- sum(!is.na(coef(larger))) - sum(!is.na(coef(smaller)))
  if (df > 0) say(outcome, pair, v, "", "p_value_interaction",
                  pchisq(2 * (larger$loglik[2] - smaller$loglik[2]), df, lower.tail = FALSE))
}

