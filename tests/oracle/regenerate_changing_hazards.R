# Writes R's answers about what is given beside hazard ratios that change with time: tests/oracle/changing_hazards.json.
#
#   Rscript tests/oracle/regenerate_changing_hazards.R
#
# Weighted log-rank tests: survdiff(rho) where gamma is 0, coxph's robust score where the powers are 0 and patients count by weights;
# else the sums are written out here (Fleming & Harrington 1991), over a loop of times. The P of MaxCombo is that of integrals
# over the events "the first deviate exceeds z", "it does not and the second does", and so on (integrate). Three deviates of
# full rank: mvtnorm's TVPACK, which is deterministic. Restricted means of sets: residuals(survfit(...), type = "rmst").
# Numbers have 17 significant digits; missing is null.

suppressPackageStartupMessages({library(survival); library(mvtnorm)})
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- c("survival", "mvtnorm")
source(file.path(here, "write_json.R"))

# U and V of log-rank statistics with weights S(t-)^rho (1 - S(t-))^gamma, time by time.
sums <- function(d, powers) {
  u <- numeric(length(powers)); v <- matrix(0, length(powers), length(powers)); s <- 1
  for (t in sort(unique(d$time[d$died == 1]))) {
    risk <- d$entry < t & d$time >= t
    n <- sum(risk); n1 <- sum(risk & d$first == 1); dead <- sum(d$died == 1 & d$time == t)
    dead1 <- sum(d$died == 1 & d$time == t & d$first == 1)
    w <- vapply(powers, function(p) s^p[1] * (1 - s)^p[2], 0)
    u <- u + w * (dead1 - dead * n1 / n)
    if (n > 1) v <- v + outer(w, w) * dead * (n1 / n) * (1 - n1 / n) * (n - dead) / (n - 1)
    s <- s * (1 - dead / n)
  }
  list(u = u, v = v)
}
# The same of weighted, clustered patients: score residuals, patient by patient.
clustered_sums <- function(d, powers) {
  times <- sort(unique(d$time[d$died == 1])); s <- 1
  score <- matrix(0, nrow(d), length(powers))
  for (t in times) {
    risk <- d$entry < t & d$time >= t; dies <- d$died == 1 & d$time == t
    y <- sum(d$weight[risk]); dead <- sum(d$weight[dies]); share <- sum((d$weight * d$first)[risk]) / y
    w <- vapply(powers, function(p) s^p[1] * (1 - s)^p[2], 0)
    score <- score + outer(d$weight * (d$first - share) * (dies - risk * dead / y), w)
    s <- s * (1 - dead / y)
  }
  by_set <- rowsum(score, d$set)
  list(u = colSums(score), v = t(by_set) %*% by_set)
}
# P(max |Z| >= z) of the four of MaxCombo, whose first is a sum of the second and the third.
tail_of_four <- function(z, R) {
  a <- solve(R[2:3, 2:3], R[1, 2:3]); b <- solve(R[2:3, 2:3], R[4, 2:3])
  s3 <- sqrt(1 - R[2, 3]^2); s4 <- sqrt(1 - sum(b * R[4, 2:3])); s1 <- sqrt(1 - R[1, 2]^2)
  third_between <- function(x) sort((c(-z, z) - a[1] * x) / a[2])
  mass <- function(low, high, x) if (high <= low) 0 else {
    e <- (c(low, high) - R[2, 3] * x) / s3
    if (e[1] > 0) pnorm(-e[1]) - pnorm(-e[2]) else pnorm(e[2]) - pnorm(e[1])
  }
  pieces <- function(f) sum(vapply(seq_len(60), function(i) {
    edges <- seq(-z, z, length.out = 61)
    integrate(Vectorize(f), edges[i], edges[i + 1], rel.tol = 1e-11, abs.tol = 0, stop.on.error = FALSE)$value
  }, 0))
  2 * pnorm(-z) +
    2 * integrate(function(x) dnorm(x) * (pnorm((z - R[1, 2] * x) / s1) - pnorm((-z - R[1, 2] * x) / s1)), z, Inf, rel.tol = 1e-12, abs.tol = 0)$value +
    pieces(function(x) { i <- third_between(x); dnorm(x) * (mass(max(z, i[1]), max(z, i[2]), x) + mass(min(-z, i[1]), min(-z, i[2]), x)) }) +
    pieces(function(x) {
      i <- third_between(x); low <- max(-z, i[1]); high <- min(z, i[2])
      if (high <= low) return(0)
      dnorm(x) * integrate(function(y) {
        m <- b[1] * x + b[2] * y
        dnorm(y, R[2, 3] * x, s3) * (pnorm((m - z) / s4) + pnorm((-z - m) / s4))
      }, low, high, rel.tol = 1e-12, abs.tol = 0, stop.on.error = FALSE)$value
    })
}
MAX_COMBO <- list(c(0, 0), c(0, 1), c(1, 0), c(1, 1))
judged <- function(x) {
  z <- x$u / sqrt(diag(x$v))
  list(deviates = many(z), correlation = cov2cor(x$v), p = tail_of_four(max(abs(z)), cov2cor(x$v)))
}
tests <- function(d) {
  rho <- function(r) if (any(d$entry > -1)) NA else survdiff(Surv(time, died) ~ first, d, rho = r)$chisq
  one <- function(p) { x <- sums(d, list(p)); unname(x$u / sqrt(x$v[1, 1])) }
  score <- coxph(if (any(d$entry > -1)) Surv(entry, time, died) ~ first else Surv(time, died) ~ first, d, weights = weight, cluster = set,
                 ties = "breslow")$rscore
  list(survdiff = many(c(rho(0), rho(1), rho(0.5))), one = many(c(one(c(0.5, 2)), one(c(0, 0.5)))), all = judged(sums(d, MAX_COMBO)),
       robust_score = as.numeric(score), robust = judged(clustered_sums(d, MAX_COMBO)))
}
means <- function(d, tau) {
  moves <- numeric(nrow(d)); mean <- c(0, 0)
  for (i in 1:2) {
    mine <- which(d$first == 2 - i); x <<- d[mine, ]  # where residuals() looks for it
    fit <- survfit(Surv(time, died) ~ 1, x, weights = weight)
    mean[i] <- unname(summary(fit, rmean = tau)$table["rmean"])
    moves[mine] <- as.vector(residuals(fit, times = tau, type = "rmst")) * x$weight * (if (i == 1) 1 else -1)
  }
  list(tau = tau, means = many(mean), variances = many(vapply(1:2, function(i) sum(rowsum(moves[d$first == 2 - i], d$set[d$first == 2 - i])^2), 0)),
       variance = sum(rowsum(moves, d$set)^2))
}
case <- function(name, d, tau) {
  n <- nrow(d)
  d$weight <- 0.5 + (seq_len(n) * 7 %% 5) %% 3 / 2  # 0.5, 1, 1.5 in turn
  d$set <- seq_len(n) %% (n %/% 2)
  list(name = name, data = lapply(d[, c("time", "died", "first", "entry", "weight", "set")], many), tests = tests(d),
       means = if (all(d$entry == -1)) means(d, tau) else NULL)
}
lung <- transform(survival::lung, died = status - 1, first = as.integer(sex == 2), entry = -1)
veteran <- transform(survival::veteran, died = status, first = as.integer(karno >= 60), entry = -1)
late <- transform(veteran, entry = ifelse(seq_along(time) %% 3 == 0, pmin(20, floor(time / 2)), -1))
late <- late[late$entry < late$time & late$entry != 0, ]

correlations <- list(diag(3), matrix(c(1, 0.5, 0.2, 0.5, 1, -0.4, 0.2, -0.4, 1), 3), matrix(c(1, 0.9, 0.8, 0.9, 1, 0.95, 0.8, 0.95, 1), 3))
normals <- do.call(c, lapply(correlations, function(R) lapply(c(0.5, 1.96, 3), function(z) {
  corners <- as.matrix(expand.grid(c(1, -1), c(1, -1), c(1, -1)))  # TVPACK takes upper limits alone
  p <- 1 - sum(apply(corners, 1, function(s) prod(s) * pmvnorm(upper = z * s, corr = R, algorithm = TVPACK(abseps = 1e-14))[1]))
  list(z = z, correlation = R, p = p)
})))
write_topic("changing_hazards", list(list(name = "normals", normals = normals), case("lung", lung, 700), case("veteran", veteran, 300), case("late", late, 300)))
