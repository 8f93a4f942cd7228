# ---- Firth's Cox regression: the partial likelihood penalised by Jeffreys' prior, with profile limits ------------
# Height at fixed coefficients: coxph's partial likelihood (Efron) plus half the logarithm of the determinant of its information.
firth_height <- function(y, x) function(b) {
  fit <- tryCatch(coxph(y ~ x, init = b, ties = "efron", control = coxph.control(iter.max = 0)), error = function(e) NULL)
  if (is.null(fit) || anyNA(fit$var)) return(list(height = -Inf))
  log_det <- determinant(fit$var)
  if (log_det$sign <= 0) return(list(height = -Inf))
  list(height = fit$loglik[1] - log_det$modulus[1] / 2, var = fit$var)
}
# The maximum, one coefficient held where asked: quasi-Newton steps (BFGS) that begin with the information, slopes by differences.
# Of the fourth order where the place is asked for; a height is known long before it, and takes those of the second order.
firth_top <- function(at, start, held = integer(), exact = TRUE) {
  free <- setdiff(seq_along(start), held)
  h <- 1e-3
  slope <- function(b) vapply(free, function(j) {
    f <- function(by) { moved <- b; moved[j] <- moved[j] + by; at(moved)$height }
    if (exact) (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h) else (f(h) - f(-h)) / (2 * h)
  }, 0)
  b <- start; here <- at(b)
  if (!length(free)) return(c(here, list(b = b)))
  g <- slope(b)
  inverse <- solve(solve(here$var)[free, free, drop = FALSE])
  for (round in 1:100) {
    step <- drop(inverse %*% g)
    step <- step * min(1, 5 / max(abs(step), 1e-300))
    repeat {
      moved <- b; moved[free] <- b[free] + step
      there <- at(moved)
      if (there$height >= here$height - 1e-12 * abs(here$height) || max(abs(step)) < 1e-10) break
      step <- step / 2
    }
    b <- moved; here <- there
    if (max(abs(step)) < if (exact) 1e-9 else 1e-5) break
    fell <- g - (g <- slope(b))
    curve <- sum(step * fell)
    if (curve > 0) {
      part <- diag(length(free)) - outer(step, fell) / curve
      inverse <- part %*% inverse %*% t(part) + outer(step, step) / curve
    }
  }
  c(here, list(b = b))
}
# Coefficients, standard errors; of the columns of `of` limits and P by profile penalised likelihood (Heinze & Schemper 2001).
firth_cox <- function(y, x, of = seq_len(ncol(x))) {
  sds <- apply(x, 2, function(v) sqrt(mean((v - mean(v))^2)))
  at <- firth_height(y, scale(x, TRUE, sds))
  top <- firth_top(at, numeric(ncol(x)))
  se <- sqrt(diag(top$var))
  last <- top$b  # profiles begin at the one before
  height_at <- function(j, v) { last[j] <- v; found <- firth_top(at, last, j, exact = FALSE); last <<- found$b; found$height }
  limit <- function(j, side) {
    last <<- top$b
    fall <- function(v) height_at(j, v) - top$height + qchisq(0.95, 1) / 2
    reach <- 2 * se[j]
    while (fall(top$b[j] + side * reach) > 0) reach <- reach * 1.5
    uniroot(fall, sort(c(top$b[j], top$b[j] + side * reach)), tol = 1e-9)$root
  }
  of_each <- function(one) vapply(of, one, 0)
  list(b = top$b / sds, se = se / sds, low = of_each(function(j) limit(j, -1)) / sds[of], high = of_each(function(j) limit(j, 1)) / sds[of],
       p = of_each(function(j) { last <<- top$b; pchisq(max(0, 2 * (top$height - height_at(j, 0))), 1, lower.tail = FALSE) }))
}
# The ratio of the first column with its limits, its logarithm, the error of it and P: by maximum likelihood, or by Firth's method
# where a column has no bound or there are too `few` events for the model, and study.yaml asks for it; NULL where there is none.
# Of larger samples the profiles would take minutes, and none are made.
first_ratio <- function(r, x, a, few = FALSE) {
  x <- as.matrix(x)
  by_firth <- identical(a$small_sample, "firth") && sum(r$event) * length(x) <= 3e6
  firth <- function() {
    f <- tryCatch(firth_cox(seen(r), x, 1), error = function(e) NULL)
    if (!is.null(f)) c(exp(c(f$b[1], f$low, f$high)), f$b[1], f$se[1], f$p)
  }
  if (few) return(if (by_firth) firth())
  if (!is.null(r$.centre)) {
    fit <- cox_of(r, x)
    if (is.null(fit)) return(NULL)
    b <- coef(fit)[[1]]; se <- sqrt(fit$var[1, 1])
    return(c(ratio(b, se, df_of(r)), b, se, p_of(b / se, df_of(r))))
  }
  fit <- tryCatch(coxph(seen(r) ~ x, control = coxph.control(eps = 1e-11, iter.max = 50)), error = function(e) NULL)
  if (is.null(fit)) return(NULL)
  se <- sqrt(diag(fit$var))
  if (any(se > 50)) if (by_firth) return(firth())
  if (is.na(coef(fit)[1]) || se[1] > 50) return(NULL)
  b <- coef(fit)[[1]]
  c(ratio(b, se[1]), b, se[1], p_of(b / se[1]))
}
