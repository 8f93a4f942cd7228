# Writes the reference answers of R that tests/oracle/test_*.py compare with, and the data they are about.
#
#   Rscript tests/oracle/regenerate.R
#
# Base R and the survival package only (lung, veteran, colon are its data).

suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

# --- the data -----------------------------------------------------------------------------------------------------
death <- subset(colon, etype == 2)
columns <- function(data, names) lapply(data[names], function(x) many(if (is.factor(x)) as.character(x) else x))
write_topic("data", list(
  lung = columns(lung, c("time", "status", "age", "sex", "ph.ecog", "ph.karno", "wt.loss")),
  veteran = columns(veteran, c("trt", "celltype", "time", "status", "karno", "diagtime", "age", "prior")),
  colon = columns(colon, c("id", "rx", "sex", "age", "obstruct", "nodes", "status", "differ", "time", "etype"))
))

# --- Kaplan-Meier -------------------------------------------------------------------------------------------------
# Steps of long curves are thinned (every `by`-th and the last): 1-based positions are in `step`.
km <- function(time, died, conf, at, by = 1) {
  fit <- survfit(Surv(time, died) ~ 1, conf.type = conf)
  step <- sort(unique(c(seq(1, length(fit$time), by), length(fit$time))))
  # The median as R prints it. `quantile` differs where the curve stays at one half to its end: the middle of that
  # interval, which moves with the last censoring.
  q <- summary(fit)$table[c("median", "0.95LCL", "0.95UCL")]
  # Before the first time R prints 1 to 1, after it, while no patient has died, NA: we say NA throughout.
  s <- summary(fit, times = at[at >= min(fit$time) & at <= max(fit$time)])
  list(conf_type = conf, step = many(step), n_steps = length(fit$time),
       time = many(fit$time[step]), survival = many(fit$surv[step]), low = many(fit$lower[step]),
       high = many(fit$upper[step]), n_at_risk = many(fit$n.risk[step]), n_events = many(fit$n.event[step]),
       n_censored = many(fit$n.censor[step]), std_err = many((fit$surv * fit$std.err)[step]),
       median = many(q),
       at = list(time = many(s$time), survival = many(s$surv), low = many(s$lower), high = many(s$upper),
                 n_at_risk = many(s$n.risk)))
}
km3 <- function(time, died, at, by = 1)
  lapply(c("log-log", "plain", "log"), function(conf) km(time, died, conf, at, by))
small <- list(
  ties = list(time = c(1, 2, 2, 2, 3, 3, 5, 8), died = c(1, 1, 1, 0, 1, 0, 0, 1)),
  one_event = list(time = c(4, 5, 6, 7, 9), died = c(0, 1, 0, 0, 0)),
  all_censored = list(time = c(1, 2, 3, 4), died = c(0, 0, 0, 0)),
  all_died = list(time = c(1, 2, 3, 4, 5), died = c(1, 1, 1, 1, 1)),
  exactly_half = list(time = c(1, 2, 3, 4), died = c(1, 1, 1, 1)),
  half_then_censored = list(time = c(1, 2, 3, 4), died = c(1, 1, 0, 0)),
  half_then_one_followed_long = list(time = c(1, 2, 3, 400), died = c(1, 1, 0, 0)),
  half_then_dead_late = list(time = c(1, 2, 3, 400), died = c(1, 1, 0, 1)),
  at_time_zero = list(time = c(0, 0, 1, 2, 3), died = c(1, 0, 1, 1, 0)),
  one_patient = list(time = c(2), died = c(1))
)
write_topic("kaplan_meier", c(
  list(lung_all = km3(lung$time, lung$status == 2, c(100, 310, 365.25, 730.5, 1500), 2)),
  lapply(split(lung, paste0("lung_sex_", lung$sex)), function(d) km3(d$time, d$status == 2, c(182, 365, 900), 2)),
  lapply(split(veteran, paste0("veteran_", veteran$celltype)), function(d) km3(d$time, d$status, c(30, 90, 365))),
  lapply(split(death, paste0("colon_", death$rx)), function(d) km3(d$time, d$status, c(365, 1826, 2500), 9)),
  lapply(small, function(d) c(list(input = list(time = many(d$time), died = many(d$died))),
                              list(fits = km3(d$time, d$died, c(1, 2, 2.5, 5)))))
))

# --- log-rank -----------------------------------------------------------------------------------------------------
lr <- function(formula, data) {
  fit <- survdiff(formula, data)
  total <- function(x) many(if (is.matrix(x)) rowSums(x) else x)
  freedom <- sum((if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp) > 0) - 1
  list(call = deparse(formula, 500), chi_squared = fit$chisq, degrees_of_freedom = freedom,
       p_value = pchisq(fit$chisq, freedom, lower.tail = FALSE), observed = total(fit$obs), expected = total(fit$exp))
}
write_topic("log_rank", list(
  lung_sex = lr(Surv(time, status == 2) ~ sex, lung),
  lung_sex_by_ecog = lr(Surv(time, status == 2) ~ sex + strata(ph.ecog), lung),
  veteran_trt = lr(Surv(time, status) ~ trt, veteran),
  veteran_celltype = lr(Surv(time, status) ~ celltype, veteran),
  veteran_trt_by_celltype = lr(Surv(time, status) ~ trt + strata(celltype), veteran),
  colon_rx = lr(Surv(time, status) ~ rx, death),
  colon_rx_by_sex = lr(Surv(time, status) ~ rx + strata(sex), death),
  colon_differ = lr(Surv(time, status) ~ differ, death),
  colon_nodes_over_4 = lr(Surv(time, status) ~ I(nodes > 4), death)
))

# --- Cox ----------------------------------------------------------------------------------------------------------
cx <- function(fit) {  # ties by Efron are the default
  s <- summary(fit)
  naive <- if (is.null(fit$naive.var)) fit$var else fit$naive.var
  list(call = paste(deparse(fit$call, 500), collapse = ""), coefficients = many(unname(coef(fit))), standard_errors = many(sqrt(diag(naive))),
       robust_standard_errors = if (is.null(fit$naive.var)) NULL else many(sqrt(diag(fit$var))),
       covariance = unname(fit$var), low = many(s$conf.int[, "lower .95"]), high = many(s$conf.int[, "upper .95"]),
       z = many(s$coefficients[, "z"]), p_values = many(s$coefficients[, "Pr(>|z|)"]),
       log_likelihood = many(fit$loglik), n = fit$n, n_events = fit$nevent)
}
lung$weight <- 0.5 + (seq_len(nrow(lung)) %% 4) / 2     # 0.5, 1, 1.5, 2 in turn
lung$entry <- floor(lung$time * (seq_len(nrow(lung)) %% 3) / 4)  # none, a quarter, half of the time
lung$centre <- seq_len(nrow(lung)) %% 40
veteran$celltype <- factor(veteran$celltype, levels = c("adeno", "large", "smallcell", "squamous"))
write_topic("cox", list(
  lung_sex = cx(coxph(Surv(time, status == 2) ~ sex, lung)),
  lung_three = cx(coxph(Surv(time, status == 2) ~ age + sex + ph.ecog, lung)),
  lung_strata = cx(coxph(Surv(time, status == 2) ~ age + ph.ecog + strata(sex), lung)),
  lung_cluster = cx(coxph(Surv(time, status == 2) ~ age + sex + cluster(centre), lung)),
  lung_weights = cx(coxph(Surv(time, status == 2) ~ age + sex, lung, weights = weight, robust = FALSE)),
  lung_weights_cluster = cx(coxph(Surv(time, status == 2) ~ age + sex, lung, weights = weight, cluster = centre)),
  lung_entry = cx(coxph(Surv(entry, time, status == 2) ~ age + sex, lung)),
  veteran_five = cx(coxph(Surv(time, status) ~ trt + celltype + karno, veteran)),
  colon_rx = cx(coxph(Surv(time, status) ~ rx, death)),
  colon_cluster = cx(coxph(Surv(time, status) ~ rx + cluster(id), colon)),
  colon_cluster_strata = cx(coxph(Surv(time, status) ~ rx + nodes + strata(etype) + cluster(id), colon))
))

# --- tests of counts ----------------------------------------------------------------------------------------------
tables <- list(
  paper_sex = matrix(c(255, 34, 232, 58), 2),
  paper_pd_l1 = matrix(c(97, 119, 73, 122, 103, 65), 3),
  tea = matrix(c(3, 1, 1, 3), 2),
  zero_cell = matrix(c(0, 7, 5, 4), 2),
  job_satisfaction = matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4, 4),
  lung_ecog_sex = unname(unclass(table(lung$ph.ecog, lung$sex))),
  veteran_cell_trt = unname(unclass(table(veteran$celltype, veteran$trt))),
  responses = matrix(c(3, 120, 130, 30, 6, 1, 112, 140, 36, 1), 5),
  three_by_three = matrix(c(0, 4, 2, 5, 0, 3, 1, 2, 6), 3),
  large_effect = matrix(c(150, 20, 30, 160), 2)
)
counted <- function(x) {
  plain <- suppressWarnings(chisq.test(x, correct = FALSE))
  list(table = x, chi_square = list(statistic = unname(plain$statistic), degrees_of_freedom = unname(plain$parameter),
                                    p_value = plain$p.value),
       fisher_exact = list(p_value = fisher.test(x, workspace = 2e7)$p.value))
}
write_topic("level_tests", list(
  tables = lapply(tables, counted)
))

# --- tests of values ----------------------------------------------------------------------------------------------
values <- function(test, x) list(statistic = unname(test$statistic), p_value = test$p.value,
                                 degrees_of_freedom = unname(test$parameter[1]),
                                 residual_degrees_of_freedom = if (length(test$parameter) > 1) unname(test$parameter[2]))
by_sex <- function(name) lapply(split(lung[[name]], lung$sex), function(x) many(x[!is.na(x)]))
two <- list(
  lung_age = by_sex("age"), lung_weight_loss = by_sex("wt.loss"), lung_karno = by_sex("ph.karno"),
  veteran_time = lapply(split(veteran$time, veteran$trt), many),
  no_ties = list(a = many(c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)),
                 b = many(c(1.15, 0.88, 0.90, 0.74, 1.21))),
  far_apart = list(a = many(1:40 + 0.5), b = many(61:100))
)
compare_two <- function(g) {
  x <- unclass(g[[1]]); y <- unclass(g[[2]])
  list(groups = unname(g), student_t = values(t.test(x, y, var.equal = TRUE)), welch_t = values(t.test(x, y)),
       mann_whitney_u = values(suppressWarnings(wilcox.test(x, y))),
       mann_whitney_u_normal = c(values(wilcox.test(x, y, exact = FALSE)), list(deviate = rank_sum_z(x, y))))
}
# The normal deviate of wilcox.test, which does not return it; its P is that of this number.
rank_sum_z <- function(x, y) {
  r <- rank(c(x, y)); n <- length(x); m <- length(y)
  w <- sum(r[seq_len(n)]) - n * (n + 1) / 2 - n * m / 2
  ties <- table(r)
  z <- (w - sign(w) * 0.5) / sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
  stopifnot(all.equal(2 * pnorm(-abs(z)), wilcox.test(x, y, exact = FALSE)$p.value))
  z
}
compare_many <- function(g) {
  x <- unlist(lapply(g, unclass)); f <- factor(rep(seq_along(g), lengths(g)))
  list(groups = unname(g), kruskal_wallis = values(kruskal.test(x, f)),
       one_way_anova = values(oneway.test(x ~ f, var.equal = TRUE)), welch_anova = values(oneway.test(x ~ f)))
}
normality <- list(lung_age = lung$age, lung_weight_loss = lung$wt.loss[!is.na(lung$wt.loss)],
                  veteran_time = veteran$time, three = c(1, 2, 4), sleep = sleep$extra)
write_topic("value_tests", list(
  two = lapply(two, compare_two),
  many = list(veteran_karno = compare_many(lapply(split(veteran$karno, veteran$celltype), many)),
              lung_age = compare_many(lapply(split(lung$age, lung$ph.ecog > 1), many)),
              insects = compare_many(lapply(split(InsectSprays$count, InsectSprays$spray), many))),
  shapiro_wilk = lapply(normality, function(x) c(list(values = many(x)), values(shapiro.test(x))))
))

# --- summaries ----------------------------------------------------------------------------------------------------
described <- function(x) list(values = many(x), n_missing = sum(is.na(x)), mean = mean(x, na.rm = TRUE),
  sd = sd(x, na.rm = TRUE), quartiles = many(quantile(x, c(0, .25, .5, .75, 1), na.rm = TRUE, type = 7, names = FALSE)))
limits <- function(k, n, level = 0.95) list(k = k, n = n, level = level,
  clopper_pearson = many(binom.test(k, n, conf.level = level)$conf.int),
  wilson = many(suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE))$conf.int))
# No function of base R or survival gives the SMD of a factor: mahalanobis() with Yang and Dalton's covariance.
smd <- function(x) {
  p <- x[, 1] / sum(x[, 1]); q <- x[, 2] / sum(x[, 2])
  s <- (diag(p) - p %o% p + diag(q) - q %o% q) / 2
  keep <- -1  # the first level left out
  list(table = x, levels = many((p - q) / sqrt((p * (1 - p) + q * (1 - q)) / 2)),
       factor = sqrt(mahalanobis(p[keep], q[keep], s[keep, keep, drop = FALSE])))
}
write_topic("summaries", list(
  describe = list(lung_age = described(lung$age), lung_weight_loss = described(lung$wt.loss),
                  five = described(c(1, 2, 3, 4, 10)), four = described(c(7, 1, 3, 2)), one = described(c(5))),
  limits = list(limits(0, 10), limits(10, 10), limits(1, 20), limits(163, 289), limits(55, 579, 0.9), limits(1, 1),
                limits(3, 1000000)),
  smd_continuous = lapply(list(lung_age = split(lung$age, lung$sex), karno = split(veteran$karno, veteran$trt)),
    function(g) list(first = many(g[[1]]), second = many(g[[2]]),
                     smd = (mean(g[[1]]) - mean(g[[2]])) / sqrt((var(g[[1]]) + var(g[[2]])) / 2))),
  smd_factor = lapply(tables[c("paper_sex", "paper_pd_l1", "veteran_cell_trt", "responses")], smd)
))
