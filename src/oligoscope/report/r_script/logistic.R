# ---- logistic regression and its columns -----------------------------------------------------------------------
separated <- function(fit) any(abs(coef(fit)) > 12 & sqrt(diag(vcov(fit))) > 50, na.rm = TRUE) || !fit$converged
logit_of <- function(formula, data) glm(formula, binomial, data, control = glm.control(epsilon = 1e-14, maxit = 60))
columns_of <- function(d, v, everybody = d) {
  if (!is_levels(everybody, v)) return(list(`per unit` = as.numeric(d[[v]])))
  x <- words(d, v); levels <- levels_of(v, words(everybody, v))
  reference <- if (v %in% FIRST_IS_REFERENCE) levels[1] else levels[length(levels)]
  others <- setdiff(levels, reference)
  setNames(lapply(others, function(l) as.numeric(x == l)), paste(others, "vs", reference))
}
# The completed cohorts of an analysis, with those of its patients.
completed_of <- function(study, a) (study$every[[paste(a$population, a$by)]] %||% study$every[[paste(a$population, "pattern")]])$cohorts
score_columns <- function(d, names) do.call(cbind, unlist(lapply(names, function(v) columns_of(d, v)), recursive = FALSE))
# Firth's penalised likelihood: half the logarithm of the determinant of the information is added. `fixed`: coefficients held at a value.
firth_fit <- function(x, y, fixed = integer(), at = 0) {
  x <- cbind(1, x); k <- ncol(x)
  b <- numeric(k); b[fixed] <- at
  free <- setdiff(seq_len(k), fixed)
  height <- function(b) {
    eta <- drop(x %*% b); p <- plogis(eta)
    sum(ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) + determinant(crossprod(x * sqrt(p * (1 - p))))$modulus[1] / 2
  }
  here <- height(b)
  for (i in 1:200) {
    p <- plogis(drop(x %*% b)); w <- x * sqrt(p * (1 - p))
    h <- rowSums((w %*% solve(crossprod(w))) * w)
    score <- drop(crossprod(x, y - p + h * (0.5 - p)))
    if (max(abs(score[free])) < 1e-11) break
    step <- numeric(k); step[free] <- solve(crossprod(w[, free, drop = FALSE]), score[free])
    step <- step / max(1, max(abs(step)) / 5)
    repeat {
      there <- height(b + step)
      if (there >= here - 1e-12 || max(abs(step)) < 1e-12) break
      step <- step / 2
    }
    b <- b + step; here <- there
    if (max(abs(step)) < 1e-12) break
  }
  list(b = b[-1], height = here)
}
# Odds ratios with the limits of the profile; of several data sets those of their mean (Heinze, Ploner & Beyea 2013).
firth_pooled <- function(designs) {
  whole <- lapply(designs, function(z) firth_fit(z$x, z$y))
  k <- ncol(designs[[1]]$x)
  one <- function(j) {
    share <- function(b) mean(mapply(function(z, fit) {
      gap <- max(2 * (fit$height - firth_fit(z$x, z$y, j + 1, b)$height), 0)
      pnorm(sign(b - fit$b[j]) * sqrt(gap))
    }, designs, whole))
    middle <- mean(vapply(whole, function(f) f$b[j], 0))
    limit <- function(p, way) {
      far <- middle + way
      while ((share(far) - p) * way < 0 && abs(far) < 60) far <- far + way
      uniroot(function(b) share(b) - p, sort(c(middle, far)), tol = 1e-11)$root
    }
    null <- share(0)
    c(middle, limit(0.025, -1), limit(0.975, 1), 2 * min(null, 1 - null))
  }
  list(ratios = vapply(seq_len(k), one, numeric(4)), joint = function(columns) median(mapply(function(z, fit)
    pchisq(2 * (fit$height - firth_fit(z$x, z$y, columns + 1, 0)$height), length(columns), lower.tail = FALSE), designs, whole)))
}
