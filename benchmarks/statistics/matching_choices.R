# Studies of matching_choices.py matched and fitted in R. Rscript matching_choices.R STUDIES.csv ANSWER.csv
suppressPackageStartupMessages({library(MatchIt); library(survival); library(lpSolve)})
a <- commandArgs(TRUE)
studies <- read.csv(a[1])
times <- 1e8 # MatchIt 4.5.1 cuts distances to whole numbers before it compares them

nearest <- function(d, logit, caliper) {
  m <- suppressWarnings(matchit(treated ~ 1, d, distance = logit * times, caliper = caliper * times, std.caliper = FALSE, m.order = "largest"))
  match.data(m)[, c("months", "died", "treated", "subclass")]
}
optimal <- function(d, logit, caliper) { # as many pairs as possible, then the least total distance
  t <- which(d$treated == 1); k <- which(d$treated == 0); n <- max(length(t), length(k))
  apart <- abs(outer(logit[t], logit[k], "-"))
  cost <- matrix(1000, n, n); cost[seq_along(t), seq_along(k)] <- ifelse(apart <= caliper, apart, 1000)
  chosen <- which(lp.assign(cost)$solution[seq_along(t), seq_along(k)] > 0.5, arr.ind = TRUE)
  chosen <- chosen[apart[chosen] <= caliper, , drop = FALSE]
  rows <- c(t[chosen[, 1]], k[chosen[, 2]])
  cbind(d[rows, c("months", "died", "treated")], subclass = rep(seq_len(nrow(chosen)), 2))
}
one <- function(d, way, match, width) {
  logit <- predict(glm(treated ~ x0 + x1 + x2 + x3, binomial, d))
  caliper <- if (width == "sd") 0.2 * sqrt((var(logit[d$treated == 1]) + var(logit[d$treated == 0])) / 2) else 0.02
  found <- tryCatch(match(d, logit, caliper), error = function(e) d[0, c("months", "died", "treated")])
  pairs <- nrow(found) / 2
  row <- data.frame(study = d$study[1], way, pairs, estimate = NA, error = NA)
  if (pairs >= 5 && all(tapply(found$died, found$treated, sum) >= 5)) {
    fit <- coxph(Surv(months, died) ~ treated, found, cluster = subclass)
    row$estimate <- coef(fit); row$error <- sqrt(vcov(fit)[1, 1])
  }
  row
}
answer <- list()
for (d in split(studies, studies$study)) {
  answer <- c(answer, list(one(d, "nearest, 0.02 on the logit", nearest, "logit"), one(d, "nearest, 0.2 SD", nearest, "sd")))
  if (nrow(d) <= 60) answer <- c(answer, list(one(d, "optimal, 0.02 on the logit", optimal, "logit"), one(d, "optimal, 0.2 SD", optimal, "sd")))
}
write.csv(do.call(rbind, answer), a[2], row.names = FALSE)
