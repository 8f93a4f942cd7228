# ---- ratios and their limits; pooling over imputations ---------------------------------------------------
ratio <- function(estimate, error, df = Inf) {
  reach <- if (is.finite(df)) qt(0.975, df) else Z
  exp(c(estimate, estimate - reach * error, estimate + reach * error))
}
p_of <- function(t, df = Inf) 2 * if (is.finite(df)) pt(-abs(t), df) else pnorm(-abs(t))

# Rubin 1987, 3.3; degrees of freedom by Barnard & Rubin 1999 (share of missing no smaller than 1e-4, as mice).
pool <- function(q, u, complete = Inf) {
  m <- length(q)
  if (m == 1) return(list(q = q, t = u, df = complete, lambda = 0, fmi = 0))
  b <- var(q)
  total <- mean(u) + (1 + 1 / m) * b
  share <- max((1 + 1 / m) * b / total, 1e-4)
  old <- (m - 1) / share^2
  observed <- (complete + 1) / (complete + 3) * complete * (1 - share)
  df <- if (is.finite(complete)) old * observed / (old + observed) else old
  r <- (1 + 1 / m) * b / mean(u)
  list(q = mean(q), t = total, df = df, lambda = (1 + 1 / m) * b / total, fmi = (r + 2 / (df + 3)) / (r + 1))
}
# Li, Raghunathan & Rubin 1991; Reiter 2007 where the size of the complete data is known.
d1 <- function(q, u, complete) {
  m <- nrow(q); k <- ncol(q)
  bar <- colMeans(q); within <- Reduce(`+`, u) / m
  inverse <- solve(within)
  w <- drop(t(bar) %*% inverse %*% bar)
  if (m == 1) return(pchisq(w, k, lower.tail = FALSE))
  r <- (1 + 1 / m) * sum(diag(cov(q) %*% inverse)) / k
  t <- k * (m - 1)
  if (t > 4 && is.finite(complete)) {
    a <- r * t / (t - 2)
    v <- (complete + 1) / (complete + 3) * complete
    c0 <- 1 / (t - 4); c1 <- v - 2 * (1 + a); c2 <- v - 4 * (1 + a)
    z <- 1 / c2 + c0 * (a^2 * c1 / ((1 + a)^2 * c2)) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) + 4 * a^2 / ((1 + a) * c2)) +
      c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * (8 * a^2 / c2^2)
    df2 <- 4 + 1 / z
  } else if (t > 4) df2 <- 4 + (t - 4) * (1 + (1 - 2 / t) / r)^2
  else df2 <- t * (1 + 1 / k) * (1 + 1 / r)^2 / 2
  pf(w / (k * (1 + r)), k, df2, lower.tail = FALSE)
}
# VanderWeele & Ding 2017; where more than 15 % have the outcome a ratio is first made a risk ratio (docs/methods-models.md).
e_value <- function(x, low, high, convert) {
  of <- function(r) { r <- max(r, 1 / r); r + sqrt(r * (r - 1)) }
  x <- convert(x); limit <- if (x >= 1) convert(low) else convert(high)
  c(of(x), if ((x >= 1) == (limit > 1) && limit != 1) of(limit) else 1)
}
common <- function(share, convert) if (share > 0.15) convert else identity
of_hazards <- function(hr) (1 - 0.5^sqrt(hr)) / (1 - 0.5^sqrt(1 / hr))
clopper <- function(k, n) c(k / n, binom.test(k, n)$conf.int) * 100

# The Monte Carlo error of a pooled ratio by the jackknife over the imputations, and how many imputations it takes
# (White, Royston & Wood 2011, section 7; von Hippel 2020).
jackknife <- function(x) sqrt((length(x) - 1) * mean((x - mean(x))^2))
say_errors <- function(o, group, variable, level, q, u, complete, decimals = 2, univariable = FALSE) {
  m <- length(q)
  if (m < 2) return(invisible())
  left <- vapply(seq_len(m), function(i) {
    x <- pool(q[-i], u[-i], complete)
    df <- if (m > 2) x$df else Inf
    c(ratio(x$q, sqrt(x$t), df), p_of(x$q / sqrt(x$t), df))
  }, numeric(4))
  error <- apply(left, 1, jackknife)
  known <- function(x) if (m > 2 && is.finite(x)) x else NA
  put <- function(statistic, ...) say(o, group, variable, level, statistic, ...)
  put(if (univariable) "monte_carlo_error_univariable" else "monte_carlo_error", error[1], known(error[2]), known(error[3]))
  if (univariable) return(invisible())
  if (m > 2) put("monte_carlo_error_of_p", error[4])
  needed <- function(x) max(2, if (is.finite(x)) ceiling(round(x, 9)) else 2)
  fmi <- pool(q, u, complete)$fmi
  upper <- if (fmi > 0 && fmi < 1) plogis(qlogis(fmi) + Z * sqrt(2 / m)) else min(max(fmi, 0), 1)
  put("imputations_for_last_digit", needed(m * (error[1] / (0.5 * 10^-decimals))^2))
  put("imputations_by_white", needed(fmi / 0.01))
  put("imputations_by_von_hippel", needed(1 + (upper / 0.05)^2 / 2))
}
