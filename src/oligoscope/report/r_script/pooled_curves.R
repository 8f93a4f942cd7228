# ---- one survival curve from those of the imputations -----------------------------------------------------
pooled_step <- function(s, v) {
  # Marshall et al. 2009, on log(-log S).
  if (any(s == 1)) return(c(1, NA, NA))
  if (all(s == 0)) return(c(0, NA, NA))
  if (any(s == 0)) return(c(NA, NA, NA))
  q <- log(-log(s)); u <- v / (s * log(s))^2
  if (length(s) == 1 || var(q) == 0) {
    df <- Inf; total <- mean(u)
  } else { x <- pool(q, u); df <- x$df; total <- x$t }
  reach <- if (is.finite(df)) qt(0.975, df) else Z
  exp(-exp(mean(q) + c(0, 1, -1) * reach * sqrt(total)))
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
curve_at <- function(curve, t) {
  if (t > max(curve$time) * (1 + 1e-9)) return(if (min(curve$line[1, ]) == 0) c(0, NA, NA) else c(NA, NA, NA))
  i <- findInterval(t * (1 + 1e-9), curve$time)
  if (i == 0) c(1, NA, NA) else curve$line[, i]
}
