# Writes the reference answers of R that test_imputation*.py and test_rubin.py compare with, and the data they are about.
#
#   Rscript tests/oracle/regenerate_imputation.R            (about 3 minutes, nearly all of them for the simulation)
#   Rscript tests/oracle/regenerate_imputation.R quick      (without the simulation)
#
# mice (with its own imports mitml, MASS, nnet) and survival; nhanes2 and lung are their data. The imputations that are
# pooled are stored beside the pooled numbers, so nothing in the tests depends on R's random numbers, but for
# `monte_carlo`, which says how precise it is. Numbers have 17 significant digits; missing is null, infinite "Inf".

suppressPackageStartupMessages({library(survival); library(mice)})
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- c("mice", "mitml", "MASS", "nnet", "survival")
source(file.path(here, "write_json.R"))
columns <- function(data) lapply(data, function(x) many(if (is.factor(x)) as.character(x) else x))

# --- pooling on fixed imputations ---------------------------------------------------------------------------------
pooled <- function(fits, dfcom = NULL) {
  p <- pool(fits, dfcom = dfcom)
  x <- p$pooled
  s <- summary(p, conf.int = TRUE)
  list(estimate = many(x$estimate), within = many(x$ubar), between = many(x$b), total = many(x$t),
       complete_df = many(x$dfcom), df = many(x$df), riv = many(x$riv), lambda = many(x$lambda), fmi = many(x$fmi),
       p_value = many(s$p.value), low = many(s$`2.5 %`), high = many(s$`97.5 %`))
}
analyses <- function(fits) list(estimates = do.call(rbind, lapply(fits$analyses, function(f) unname(coef(f)))),
                                covariances = lapply(fits$analyses, function(f) unname(vcov(f))))
joint <- function(test) { r <- as.numeric(test$result)
  list(statistic = r[1], df1 = r[2], df2 = r[3], p_value = r[4], riv = r[5]) }
imputed <- function(imp) lapply(seq_len(imp$m), function(i) columns(complete(imp, i)))

nh <- mice(nhanes2, m = 5, maxit = 5, seed = 71242, printFlag = FALSE)
full <- with(nh, lm(chl ~ age + bmi)); small <- with(nh, lm(chl ~ bmi))
linear <- list(
  imputed = imputed(nh), analyses = analyses(full), pooled = pooled(full), pooled_infinite = pooled(full, Inf), tested = many(c(2, 3)),
  d1 = joint(D1(full, small)))
# dfcom = Inf makes mitml divide Inf by Inf; without dfcom at all mitml says what it means.
without <- mitml::testModels(full$analyses, small$analyses, method = "D1")
linear$d1_infinite <- as.list(setNames(as.numeric(without$test), c("statistic", "df1", "df2", "p_value", "riv")))

lung2 <- transform(lung[, c("time", "status", "age", "sex", "ph.ecog", "ph.karno", "wt.loss")], died = status - 1)
lung2 <- subset(lung2, is.na(ph.ecog) | ph.ecog < 3)
lung2$ecog <- factor(lung2$ph.ecog)
set.seed(5); lung2$ecog[sample(nrow(lung2), 50)] <- NA
lung2$hazard <- nelsonaalen(lung2, time, died)
frame <- lung2[, c("time", "died", "age", "sex", "ecog", "wt.loss", "hazard")]
where <- make.predictorMatrix(frame); where[, "time"] <- 0
lu <- mice(frame, m = 5, maxit = 5, seed = 11, predictorMatrix = where, printFlag = FALSE)
logit1 <- with(lu, glm(died ~ age + sex + ecog + wt.loss, family = binomial))
logit0 <- with(lu, glm(died ~ age + sex + wt.loss, family = binomial))
logistic <- list(analyses = analyses(logit1), pooled = pooled(logit1), tested = many(c(4, 5)),
  d1 = joint(D1(logit1, logit0)))
cox1 <- with(lu, coxph(Surv(time, died) ~ age + sex + ecog + wt.loss))
cox0 <- with(lu, coxph(Surv(time, died) ~ age + sex + wt.loss))
cox <- list(analyses = analyses(cox1), pooled = pooled(cox1), tested = many(c(3, 4)), d1 = joint(D1(cox1, cox0)),
            log_rank = many(sapply(seq_len(5), function(i)
              survdiff(Surv(time, died) ~ ecog, complete(lu, i))$chisq)))
scalar <- function(q, u, n, k) { p <- pool.scalar(q, u, n, k)
  list(q = many(q), u = many(u), complete_df = n - k, estimate = p$qbar, within = p$ubar, between = p$b, total = p$t,
       df = p$df, riv = p$r, fmi = p$fmi) }
scalars_of <- list(
  spread = scalar(c(.31, .45, .28, .39, .52), c(.040, .043, .038, .041, .045), 220, 4),
  large = scalar(c(.31, .45, .28, .39, .52), c(.040, .043, .038, .041, .045), Inf, 1),
  equal = scalar(rep(.4, 4), rep(.02, 4), 60, 2), two = scalar(c(1, 3), c(.5, .7), 30, 3))

# Kaplan-Meier: log(-log S) of each imputation, its variance Greenwood / (S log S)^2, pooled time by time.
ends <- sapply(1:5, function(i) with(subset(complete(lu, i), ecog != "0"), max(time)))
curve <- function(i, at) {  # no patient at risk after `ends`: not asked for
  s <- summary(survfit(Surv(time, died) ~ 1, subset(complete(lu, i), ecog != "0")), times = at, extend = TRUE)
  list(u = log(-log(s$surv)), v = (s$std.err / (s$surv * log(s$surv)))^2)
}
at <- c(100, 183, 270, 365, 500, 730)
curves <- lapply(1:5, curve, at)
km <- lapply(seq_along(at), function(j) {
  p <- pool.scalar(sapply(curves, function(c) c$u[j]), sapply(curves, function(c) c$v[j]), n = Inf)
  reach <- qt(.975, p$df) * sqrt(p$t)
  list(time = at[j], survival = exp(-exp(p$qbar)), low = exp(-exp(p$qbar + reach)), high = exp(-exp(p$qbar - reach)),
       within = p$ubar, between = p$b)
})
all_times <- sort(unique(lung2$time[lung2$time <= min(ends)]))
falling <- rowMeans(sapply(1:5, function(i) curve(i, all_times)$u))
write_topic("rubin", list(
  lung = columns(frame[, c("time", "died")]), lung_imputed = lapply(imputed(lu), function(d) d[c("age", "sex", "ecog", "wt.loss")]),
  scalars = scalars_of, linear = linear, logistic = logistic, cox = cox,
  kaplan_meier = list(at = km, median = all_times[which(exp(-exp(falling)) < .5)[1]], end = min(ends))))

# --- imputation models: what is drawn from ------------------------------------------------------------------------
whole <- na.omit(lung2[, c("time", "died", "age", "sex", "ph.ecog", "wt.loss")])
x <- as.matrix(whole[, c("age", "sex", "wt.loss")])
y <- factor(whole$ph.ecog)
everyone <- rep(TRUE, length(y)); none <- c(FALSE, FALSE, rep(TRUE, length(y) - 2))
aug <- mice:::augment(y, everyone & none, x, !none)
# mice takes mean and sd of the predictors over all rows; the two rows without y are there only so that it augments.
seen <- aug$ry
made <- (length(y) + 1):length(aug$y)
xy <- data.frame(y = factor(aug$y), aug$x)[seen, ]; w <- aug$w[seen]
multi <- nnet::multinom(y ~ ., xy, weights = w, Hess = TRUE, reltol = 1e-16, abstol = 1e-16, maxit = 5000, trace = FALSE)
ordered <- MASS::polr(y ~ ., xy, weights = w, Hess = TRUE, control = list(reltol = 1e-16, maxit = 5000))
bin <- glm.fit(cbind(1, as.matrix(xy[, -1])), xy$y == "0", weights = w, family = quasibinomial(), control = list(epsilon = 1e-14))
bin_cov <- summary.glm(bin)$cov.unscaled
norm <- mice:::estimice(cbind(1, x), whole$time)
write_topic("imputation_models", list(
  rows = list(x = unname(as.matrix(xy[, -1])), level = many(as.integer(as.character(xy$y))), weight = many(w)),
  augmented = list(x = unname(as.matrix(aug$x[made, ])), level = many(as.integer(as.character(aug$y[made]))), weight = many(aug$w[made]),
                   mean = many(colMeans(x)), sd = many(apply(x, 2, sd)), of = unname(x), of_level = many(whole$ph.ecog)),
  multinomial = list(coefficients = unname(coef(multi)), covariance = unname(vcov(multi)), log_likelihood = as.numeric(logLik(multi))),
  proportional_odds = list(coefficients = many(coef(ordered)), thresholds = many(ordered$zeta), covariance = unname(vcov(ordered))),
  binary = list(coefficients = many(coef(bin)), covariance = unname(bin_cov)),
  linear = list(y = many(whole$time), coefficients = many(norm$c), covariance = unname(norm$v), residual_sum = sum(norm$r^2)),
  hazard = list(time = many(lung$time), died = many(lung$status - 1),
    nelson_aalen = many({ f <- survfit(Surv(time, status) ~ 1, lung); f$cumhaz[match(lung$time, f$time)] }),
    efron = many(nelsonaalen(transform(lung, died = status - 1), time, died)))))

# --- whole imputations, by simulation -----------------------------------------------------------------------------
if ("quick" %in% commandArgs(TRUE)) quit(save = "no")
# The mean over m imputations, and its simulation error sqrt(between / m): what ours may differ by.
mean_of <- function(imp, analyse) {
  found <- sapply(seq_len(imp$m), function(i) analyse(complete(imp, i)))
  list(m = imp$m, mean = many(rowMeans(found)), error = many(apply(found, 1, sd) / sqrt(imp$m)), sd = many(apply(found, 1, sd)))
}
of_nhanes <- function(d) c(coef(lm(chl ~ age + bmi, d)), mean(d$bmi), mean(d$hyp == "yes"), mean(d$chl))
set.seed(2); n <- 300
made3 <- data.frame(x = rnorm(n), z = rbinom(n, 1, .4))
score <- .8 * made3$x + made3$z + rlogis(n)
# Labels in alphabetical order: mice 3.15 sorts the levels when it augments, and polr would fit another order.
made3$f <- cut(score, c(-Inf, 0, 1.3, Inf), labels = c("1 low", "2 middle", "3 high"))
made3$y <- rbinom(n, 1, plogis(-.5 + .8 * (made3$f == "3 high") + .5 * made3$x))
made3$f[runif(n) < plogis(-1.5 + made3$x + made3$y)] <- NA
made3$x[runif(n) < plogis(-2 + made3$y)] <- NA
made3$z[runif(n) < .1] <- NA
of_made <- function(d) c(coef(glm(y ~ f + x + z, binomial, transform(d, z = as.numeric(as.character(z)), f = factor(f, ordered = FALSE)))),
                         prop.table(table(d$f)), mean(as.numeric(as.character(d$z))), mean(d$x))
factored <- transform(made3, z = factor(z), y = factor(y))
run <- function(data, method, m = 300) mice(data, m = m, maxit = 10, method = method, seed = 9, printFlag = FALSE)
back <- function(analyse) function(d) analyse(transform(d, y = as.numeric(as.character(y))))
write_topic("imputation_monte_carlo", list(
  nhanes2 = columns(nhanes2), made = columns(made3),
  pmm = mean_of(run(nhanes2, c("", "pmm", "logreg", "pmm")), of_nhanes),
  norm = mean_of(run(nhanes2, c("", "norm", "logreg", "norm")), of_nhanes),
  polyreg = mean_of(run(factored, c("norm", "logreg", "polyreg", "")), back(of_made)),
  polr = mean_of(run(transform(factored, f = factor(f, ordered = TRUE)), c("norm", "logreg", "polr", "")), back(of_made))))
