# ---- ratios adjusted for the covariates of `adjust_for`, in the patients in whom all of them are known ------------
adjusting <- function(d, a) {
  reason <- lapply(unlist(a$adjust_for), function(v) left_out(list(keep(d, if (v %in% names(d)) !blank(d[[v]]) else FALSE)), v))
  names(reason) <- unlist(a$adjust_for)
  list(names = as.character(base::names(Filter(is.null, reason))), out = base::names(Filter(Negate(is.null), reason)))
}
# A covariate as columns: numbers as they are, the time to progression on a log scale, levels but the first.
at_progression_columns <- function(d, v) {
  if (!is_levels(d, v)) {
    x <- as.numeric(d[[v]])
    x <- if (v == "months_to_progression") log(pmax(x, 1 / MONTH)) else x
    return(if (length(unique(x)) > 1) list(x) else list())
  }
  x <- words(d, v)
  lapply(levels_of(v, x)[-1], function(l) as.numeric(x == l))
}
# The covariates of the patients `rows` of `d` as columns; none of what does not vary.
adjusting_columns <- function(d, rows, names, without = "") {
  d <- keep(d, rows)
  found <- unlist(lapply(setdiff(names, without), function(v) at_progression_columns(d, v)), recursive = FALSE)
  found <- Filter(function(x) length(unique(x)) > 1, found)
  do.call(cbind, c(list(matrix(0, nrow(d), 0)), found))
}
known_of <- function(d, rows, names) {
  known <- rep(TRUE, length(rows))
  for (v in names) known <- known & !blank(d[[v]][rows])
  known
}
say_adjusted <- function(o, pair, variable, level, r, own, covariates, a, sparse) {
  if (sparse || !ncol(covariates)) return(withheld(o, pair, variable, level, "hazard_ratio_adjusted"))
  x <- cbind(own, covariates)
  per_variable <- sum(r$event) / ncol(x)
  say(o, pair, variable, level, "events_per_parameter", per_variable)
  found <- first_ratio(r, x, a, per_variable < a$minimum_events_per_variable)
  if (is.null(found)) return(withheld(o, pair, variable, level, "hazard_ratio_adjusted"))
  say(o, pair, variable, level, "hazard_ratio_adjusted", found[1], found[2], found[3])
  say(o, pair, variable, level, "p_value_adjusted", found[6])
}
