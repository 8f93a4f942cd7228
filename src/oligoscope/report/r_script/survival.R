# ---- survival by group ------------------------------------------------------------------------------
# `groups`: the levels compared, the reference last; `named`: their names in results.csv; `pair`: that of their comparison.
survival_by_group <- function(d, named_as, by, outcome, groups, named = groups, pair = NULL, adjusted_for = NULL) {
  r <- rows_of(d, by, outcome)
  at <- function(group, variable = "") c("survival", named_as, outcome, group, variable, "")
  for (i in seq_along(groups)) {
    x <- r[r$group == groups[i], , drop = FALSE]
    if (!nrow(x)) next
    say_curve(at(named[i]), curve_of(x), nrow(x), sum(x$event))
    m <- median_of(curve_of(x, "plain"))
    same(at(named[i]), "median_plain", m[1], m[2], m[3])
  }
  if (is.null(pair)) return(invisible())
  test <- attempt(log_rank(r), c(NA, NA))
  same(at(pair, "log_rank"), "test_statistic", test[1])
  same(at(pair, "log_rank"), "p_value", test[2])
  if (length(groups) != 2) return(invisible())
  fit <- attempt(cox_of(r, as.numeric(r$group == groups[1])), NULL)
  if (is.null(fit)) return(invisible())
  b <- coef(fit); se <- sqrt(fit$var[1])
  say_ratio(at(pair), b, se)
  same(at(pair, "cox"), "p_value", p_of(b / se))
  same(at(pair), "p_value_proportional_hazards", proportional(fit))
  if (is.null(adjusted_for)) return(invisible())
  # Adjusted for the time to progression, on a log scale, and for the performance status at baseline.
  d <- d[which(number(d, "pfs_days") > 0), , drop = FALSE]
  r <- rows_of(d, by, outcome)
  r$late <- log(number(d, "pfs_days")[r$row])
  r$ecog <- if ("ecog" %in% adjusted_for) number(d, "ecog")[r$row] else 0
  r <- r[complete.cases(r), , drop = FALSE]
  columns <- cbind(first = as.numeric(r$group == groups[1]), late = r$late)
  if ("ecog" %in% adjusted_for) columns <- cbind(columns, ecog = r$ecog)
  fit <- cox_of(r, columns)
  b <- coef(fit)[1]; se <- sqrt(fit$var[1, 1]); x <- ratio(b, se)
  same(at(pair), "hazard_ratio_adjusted", x[1], x[2], x[3])
  same(at(pair), "p_value_adjusted", p_of(b / se))
}
