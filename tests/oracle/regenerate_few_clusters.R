# Recomputes inference of a Cox model and of a log-rank test from the variance between few clusters (centres).
#
#   Rscript tests/oracle/regenerate_few_clusters.R
suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))
d <- lung[!is.na(lung$ph.ecog), ]
case <- function(k) {
  centre <- (seq_len(nrow(d)) * 7) %% k
  fit <- coxph(Surv(time, status == 2) ~ I(sex == 1) + age, d, cluster = centre)
  b <- coef(fit); se <- sqrt(diag(vcov(fit))); q <- qt(0.975, k - 1)
  score <- coxph(Surv(time, status == 2) ~ I(sex == 1), d, cluster = centre, ties = "breslow")$rscore
  list(k = k, months = many(d$time), died = many(d$status == 2), male = many(d$sex == 1), age = many(d$age), centre = many(centre),
       low = many(exp(b - q * se)), high = many(exp(b + q * se)), p = many(2 * pt(-abs(b / se), k - 1)),
       score = as.numeric(score), score_p = as.numeric(pf(score * (k - 1) / (k - score), 1, k - 1, lower.tail = FALSE)))
}
write_topic("few_clusters", list(few = case(3), some = case(10), many = case(30)))
