# Writes the reference answers of R about estimated weights: tests/oracle/estimated_weights.json.
#
#   Rscript tests/oracle/regenerate_weighting.R
#
# The lung cancer patients of `survival`, women against men, by age and ECOG. Entropy balancing: the dual of Hainmueller (2012)
# by optim and then Newton's steps of solve(), written out. Limits: stacked estimating equations, where what the weights add is the
# derivative of the score of coxph (residuals(type = "score") of a fit that is held at its coefficient) by the parameters
# of the weights, taken by differences; so nothing of it is derived by hand. The doubly robust difference: pseudo-observations by leaving
# out each patient in turn (survfit), and the sandwich of all equations together, its bread by differences too.
# Numbers have 17 significant digits; missing is null.

suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

d <- na.omit(survival::lung[, c("time", "status", "age", "sex", "ph.ecog")])
d <- transform(subset(d, ph.ecog < 3), died = status - 1, g = as.numeric(sex == 2), months = time / 30.4375)
n <- nrow(d)
x <- cbind(1, d$age, d$ph.ecog == 1, d$ph.ecog == 2)
g <- d$g

# The derivative of a function that gives a vector, by differences at two widths (Richardson).
jacobian <- function(f, at) sapply(seq_along(at), function(j) {
  h <- 1e-4 * max(1, abs(at[j]))
  slope <- function(h) { up <- down <- at; up[j] <- at[j] + h; down[j] <- at[j] - h; (f(up) - f(down)) / (2 * h) }
  (4 * slope(h / 2) - slope(h)) / 3
})

# ---- weights as functions of their parameters, and the equations of these ------------------------------------------
score <- coef(glm(g ~ x - 1, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100)))
scale_of <- c(1, 0.01, 1, 1)  # of age in hundreds of years, so that differences are as exact for it
z <- sweep(x, 2, scale_of, "*")
score <- score / scale_of
of_score <- function(weight) list(theta = c(score, mean(g)),
  psi = function(t) cbind(z * (g - plogis(drop(z %*% t[1:4]))), g - t[5]),
  weights = function(t) weight(plogis(drop(z %*% t[1:4])), t[5]))
# log-linear weights with which sum(w z) is as asked for
balance_to <- function(rows, total) {
  f <- function(l) sum(exp(z[rows, ] %*% l)) - sum(l * total)
  l <- optim(c(log(total[1] / sum(rows)), 0, 0, 0), f, function(l) colSums(z[rows, ] * exp(drop(z[rows, ] %*% l))) - total,
             method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))$par
  for (i in 1:20) {
    w <- exp(drop(z[rows, ] %*% l))
    l <- l - solve(crossprod(z[rows, ] * w, z[rows, ]), colSums(z[rows, ] * w) - total)
  }
  l
}
att <- balance_to(g == 0, colSums(z[g == 1, ]))
ate <- c(balance_to(g == 1, colSums(z)), balance_to(g == 0, colSums(z)))
made <- list(
  overlap = of_score(function(e, p) ifelse(g == 1, 1 - e, e)),
  ate = of_score(function(e, p) ifelse(g == 1, p / e, (1 - p) / (1 - e))),
  att = of_score(function(e, p) ifelse(g == 1, 1, e / (1 - e))),
  entropy_ate = list(theta = c(ate, mean(g)),
    psi = function(t) cbind(z * (g * exp(drop(z %*% t[1:4])) - 1), z * ((1 - g) * exp(drop(z %*% t[5:8])) - 1), g - t[9]),
    weights = function(t) ifelse(g == 1, t[9] * exp(drop(z %*% t[1:4])), (1 - t[9]) * exp(drop(z %*% t[5:8])))),
  entropy_att = list(theta = att,
    psi = function(t) z * ((1 - g) * exp(drop(z %*% t)) - g),
    weights = function(t) ifelse(g == 1, 1, exp(drop(z %*% t)))))

held <- function(w, beta, ties) coxph(Surv(months, died) ~ g, d, weights = w, ties = ties, init = beta,
                                      control = coxph.control(iter.max = 0))
score_at <- function(w, beta, ties) { r <- residuals(held(w, beta, ties), type = "score"); sum(w * r) }
# Each patient's part of the score, with what they add through the parameters of the weights.
parts <- function(m, beta, ties) {
  w <- m$weights(m$theta)
  bread <- jacobian(function(t) colSums(m$psi(t)), m$theta)
  slope <- jacobian(function(t) score_at(m$weights(t), beta, ties), m$theta)
  w * residuals(held(w, beta, ties), type = "score") - drop(m$psi(m$theta) %*% solve(bread, slope[seq_along(m$theta)]))
}
compared <- lapply(made, function(m) {
  w <- m$weights(m$theta)
  fit <- coxph(Surv(months, died) ~ g, d, weights = w, cluster = seq_len(n), control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
  beta <- unname(coef(fit))
  # With known weights: what coxph gives.
  stopifnot(abs(sqrt(sum((w * residuals(fit, type = "score"))^2) * fit$naive.var^2) - sqrt(fit$var)) < 1e-10)
  stacked <- parts(m, beta, "efron"); zero <- parts(m, 0, "breslow")
  plain <- w * residuals(held(w, 0, "breslow"), type = "score")
  curves <- lapply(1:0, function(k) {
    own <- transform(d, w = w)[g == k, ]; own$patient <- seq_len(nrow(own))
    s <- summary(survfit(Surv(months, died) ~ 1, own, weights = w, cluster = patient, conf.type = "log-log"), times = c(6, 12, 24))
    list(survival = many(s$surv), low = many(s$lower), high = many(s$upper))
  })
  list(weights = many(w), beta = beta, robust = sqrt(fit$var[1]), stacked = sqrt(sum(stacked^2)) * fit$naive.var[1],
       log_rank_known = pchisq(sum(plain)^2 / sum(plain^2), 1, lower.tail = FALSE),
       log_rank_stacked = pchisq(sum(zero)^2 / sum(zero^2), 1, lower.tail = FALSE), curves = curves)
})

# ---- doubly robust -----------------------------------------------------------------------------------------------------
alive <- function(k, at) summary(survfit(Surv(months, died) ~ 1, k), times = at, extend = TRUE)$surv
doubly <- lapply(c(6, 12, 24), function(at) {
  y <- numeric(n)
  for (k in 0:1) {
    own <- d[g == k, ]; m <- nrow(own)
    y[g == k] <- m * alive(own, at) - (m - 1) * vapply(seq_len(m), function(i) alive(own[-i, ], at), 0)
  }
  b <- lapply(1:0, function(k) unname(coef(lm.fit(z[g == k, ], y[g == k]))))
  psi <- function(t) {
    e <- plogis(drop(z %*% t[1:4])); m1 <- drop(z %*% t[5:8]); m0 <- drop(z %*% t[9:12])
    cbind(z * (g - e), z * g * (y - m1), z * (1 - g) * (y - m0),
          m1 + g * (y - m1) / e - t[13], m0 + (1 - g) * (y - m0) / (1 - e) - t[14])
  }
  e <- plogis(drop(z %*% score)); m1 <- drop(z %*% b[[1]]); m0 <- drop(z %*% b[[2]])
  s <- c(mean(m1 + g * (y - m1) / e), mean(m0 + (1 - g) * (y - m0) / (1 - e)))
  theta <- c(score, b[[1]], b[[2]], s)
  bread <- solve(jacobian(function(t) colSums(psi(t)), theta))
  v <- bread %*% crossprod(psi(theta)) %*% t(bread)
  list(months = at, pseudo = many(y), treated = s[1], controls = s[2],
       errors = many(sqrt(c(v[13, 13], v[14, 14], v[13, 13] + v[14, 14] - 2 * v[13, 14]))))
})
write_topic("estimated_weights", list(list(
  months = many(d$months), died = many(d$died), woman = many(g), age = many(d$age), ecog = many(d$ph.ecog),
  targets = compared, doubly_robust = doubly)))
