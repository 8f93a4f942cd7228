# ---- predictors: logistic regression, pooled over imputations -----------------------------------------
# Tests of several columns: Li, Raghunathan & Rubin 1991; degrees of freedom by Reiter 2007. Of one fit, Wald's chi-square.
joint_p <- function(q, u, complete) {
  m <- nrow(q); k <- ncol(q)
  within <- Reduce(`+`, u) / m
  w <- drop(t(colMeans(q)) %*% solve(within) %*% colMeans(q))
  if (m == 1) return(pchisq(w, k, lower.tail = FALSE))
  r <- (1 + 1 / m) * sum(diag(cov(q) %*% solve(within))) / k
  t <- k * (m - 1)
  if (t > 4) {
    a <- r * t / (t - 2)
    v <- (complete + 1) / (complete + 3) * complete
    c0 <- 1 / (t - 4); c1 <- v - 2 * (1 + a); c2 <- v - 4 * (1 + a)
    z <- 1 / c2 + c0 * (a^2 * c1 / ((1 + a)^2 * c2)) + c0 * (8 * a^2 * c1 / ((1 + a) * c2^2) + 4 * a^2 / ((1 + a) * c2)) +
      c0 * (4 * a^2 / (c2 * c1) + 16 * a^2 * c1 / c2^3) + c0 * (8 * a^2 / c2^2)
    df <- 4 + 1 / z
  } else df <- t * (1 + 1 / k) * (1 + 1 / r)^2 / 2
  pf(w / (k * (1 + r)), k, df, lower.tail = FALSE)
}
# `columns`: of each column of the model its variable, level and reference, and how results.csv names it; a level of NA is a number.
predictors_of <- function(population, named_as, by, event, pair, kind, imputations, columns, where = list()) {
  designs <- lapply(seq_len(imputations), function(i) {
    d <- having(completed(population, by, i), where)
    x <- do.call(cbind, lapply(columns, function(one) {
      if (is.na(one$level)) number(d, one$variable) else as.numeric(words(d, one$variable) == one$level)
    }))
    list(x = x, y = as.numeric(words(d, by) == event))
  })
  if (all(vapply(designs[-1], identical, TRUE, designs[[1]]))) designs <- designs[1]
  fits <- lapply(designs, function(z) glm(z$y ~ z$x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 60)))
  k <- length(columns)
  df <- if (length(fits) > 1) min(vapply(designs, function(z) length(z$y), 0)) - k - 1 else Inf
  q <- do.call(rbind, lapply(fits, function(f) coef(f)[-1]))
  u <- lapply(fits, function(f) vcov(f)[-1, -1, drop = FALSE])
  at <- function(variable, level) c("predictors", named_as, by, pair, variable, level)
  for (i in seq_len(k)) {
    x <- pool(q[, i], vapply(u, function(v) v[i, i], 0), df)
    or <- ratio(x$q, sqrt(x$t), x$df)
    name <- at(columns[[i]]$variable, columns[[i]]$named)
    same(name, paste0("odds_ratio_", kind), or[1], or[2], or[3])
    same(name, paste0("p_value_", kind), p_of(x$q / sqrt(x$t), x$df))
  }
  variables <- vapply(columns, function(one) one$variable, "")
  for (v in unique(variables)) if (sum(variables == v) > 1) {
    of <- which(variables == v)
    same(at(v, ""), paste0("p_value_", kind),
         joint_p(q[, of, drop = FALSE], lapply(u, function(c) c[of, of, drop = FALSE]), df))
  }
}
