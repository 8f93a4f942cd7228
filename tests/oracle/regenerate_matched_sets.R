# Writes the reference answers of R about matched patients who count by weights: tests/oracle/matched_sets.json.
#
#   Rscript tests/oracle/regenerate_matched_sets.R
#
# The lung cancer patients of `survival`: each woman matched with up to 3 men without replacement, and with 1 man with
# replacement (scores times 1e8, see regenerate_matching.R). A woman counts 1, the men of a set 1 together. Cox models have
# variances robust to the sets; where men serve again also robust to sets and patients, as MatchIt's vignette has it:
# V = ks/(ks-1) V_set + kp/(kp-1) V_patient - kr/(kr-1) V_row (Austin & Cafri 2020). Curves of men who serve again are
# robust to the patients. Wald tests of weighted means and shares are written out: the sandwich of a weighted lm by sets.
# Numbers have 17 significant digits; missing is null.

suppressPackageStartupMessages({library(survival); library(MatchIt)})
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- c("survival", "MatchIt")
source(file.path(here, "write_json.R"))

lung <- na.omit(survival::lung[, c("time", "status", "age", "sex", "ph.ecog")])
lung <- transform(subset(lung, ph.ecog < 3), died = status - 1, woman = as.integer(sex == 2), months = time / 30.4375)
rownames(lung) <- seq_len(nrow(lung))
score <- predict(glm(woman ~ age + factor(ph.ecog), data = lung, family = binomial))

matched <- function(ratio, replace, caliper) {
  m <- suppressWarnings(matchit(woman ~ age, data = lung, distance = 1e8 * score, ratio = ratio, replace = replace,
                                caliper = 1e8 * caliper, std.caliper = FALSE, m.order = "data"))$match.matrix
  m <- m[rowSums(!is.na(m)) > 0, , drop = FALSE]
  do.call(rbind, lapply(rownames(m), function(woman) {
    men <- m[woman, !is.na(m[woman, ])]
    data.frame(patient = as.integer(c(woman, men)), set = as.integer(woman), weight = c(1, rep(1 / length(men), length(men))))
  }))
}

curve <- function(rows, cluster) {
  f <- survfit(Surv(months, died) ~ 1, data = rows, weights = weight, cluster = cluster, conf.type = "log-log")
  s <- summary(f)
  list(times = many(s$time), n_risk = many(s$n.risk), n_event = many(s$n.event), survival = many(s$surv),
       std_err = many(s$std.err), low = many(s$lower), high = many(s$upper),
       median = many(unname(s$table[c("median", "0.95LCL", "0.95UCL")])))
}

# Wald's F of differences between the groups in the columns of y, by the sandwich of a weighted lm over the sets.
wald <- function(y, rows) {
  y <- as.matrix(y); x <- cbind(1, rows$woman); w <- rows$weight
  bread <- solve(t(x) %*% (w * x))
  residuals <- y - x %*% (bread %*% t(x) %*% (w * y))
  difference <- (bread %*% t(x) %*% (w * y))[2, ]
  scores <- sapply(seq_len(ncol(y)), function(j) (x * (w * residuals[, j])) %*% bread[, 2])
  by_set <- rowsum(scores, rows$set)
  k <- nrow(by_set); q <- ncol(y)
  v <- k / (k - 1) * t(by_set) %*% by_set
  f <- drop(difference %*% solve(v) %*% difference) * (k - q) / ((k - 1) * q)
  list(f = f, p = pf(f, q, k - q, lower.tail = FALSE))
}

case <- function(name, ratio, replace, caliper) {
  m <- matched(ratio, replace, caliper)
  rows <- cbind(m, lung[m$patient, c("months", "died", "woman", "age", "ph.ecog")])
  rows$row <- seq_len(nrow(rows))
  cox <- function(cluster, ties = "efron")
    coxph(Surv(months, died) ~ woman, data = rows, weights = weight, cluster = cluster, ties = ties)
  fit <- coxph(Surv(months, died) ~ woman, data = rows, weights = weight, cluster = set)
  breslow <- coxph(Surv(months, died) ~ woman, data = rows, weights = weight, cluster = set, ties = "breslow")
  plain <- coxph(Surv(months, died) ~ woman, data = rows, weights = weight)
  patient <- coxph(Surv(months, died) ~ woman, data = rows, weights = weight, cluster = patient)
  each <- coxph(Surv(months, died) ~ woman, data = rows, weights = weight, cluster = row)
  factor_of <- function(x) x / (x - 1)
  two_way <- factor_of(length(unique(rows$set))) * fit$var + factor_of(length(unique(rows$patient))) * patient$var -
    factor_of(nrow(rows)) * each$var
  women <- rows[rows$woman == 1, ]; men <- rows[rows$woman == 0, ]
  curves <- if (replace) {
    list(women = curve(women, women$patient), men = curve(men, men$patient))
  } else list(women = curve(women, women$set), men = curve(men, men$set))
  once <- aggregate(weight ~ patient + age, data = men, FUN = sum)
  described <- cov.wt(matrix(once$age), wt = once$weight / sum(once$weight), method = "unbiased")
  list(name = name,
       rows = lapply(rows[, c("patient", "set", "weight", "months", "died", "woman", "age", "ph.ecog")], many),
       cox = list(coefficient = unname(coef(fit)), set_se = sqrt(fit$var[1, 1]), two_way_se = sqrt(two_way[1, 1])),
       score = list(chi_squared = as.numeric(breslow$rscore)),
       zph = list(chi_squared = unname(cox.zph(plain)$table["GLOBAL", "chisq"])),
       curves = curves,
       men_age = list(mean = unname(described$center), sd = sqrt(described$cov[1, 1])),
       age = wald(rows$age, rows),
       ecog = wald(sapply(0:1, function(l) rows$ph.ecog == l) * 1, rows))
}
write_topic("matched_sets", list(case("ratio", 3, FALSE, 0.5), case("replacement", 1, TRUE, 0.5)))
