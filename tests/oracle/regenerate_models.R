# Writes R's answers about regression models, competing risks and restricted means, and the data they are about.
#
#   Rscript tests/oracle/regenerate_models.R
#
# Packages: survival, sandwich, cmprsk, brglm2 (Debian: r-cran-*). Data: those of data.json (lung, veteran,
# colon), mgus2, jasa and heart of survival, endometrial of brglm2 (Heinze & Schemper 2002). R's fits are asked for more
# digits than by default (glm stops at a relative change of 1e-8 in deviance, crr at 1e-6 in the score).

suppressPackageStartupMessages({library(survival); library(cmprsk); library(brglm2)})
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- c("survival", "cmprsk", "brglm2", "sandwich")
source(file.path(here, "write_json.R"))
columns <- function(data, names) lapply(data[names], function(x) many(if (is.factor(x)) as.character(x) else x))

# --- the data -----------------------------------------------------------------------------------------------------
mgus <- mgus2[complete.cases(mgus2[c("age", "sex", "hgb", "mspike")]), ][1:600, ]
mgus$months <- with(mgus, ifelse(pstat == 0, futime, ptime))
mgus$cause <- with(mgus, ifelse(pstat == 0, 2 * death, 1))  # progression, or death without it
mgus$half_years <- ceiling(mgus$months / 6)                  # many ties
mgus$band <- cut(mgus$age, c(0, 60, 70, 80, 110), labels = FALSE)
jasa2 <- transform(jasa, id = seq_along(futime), futime = pmax(0.5, futime))
jasa2$match <- with(jasa2, ifelse(is.na(wait.time), NA, ifelse(!is.na(mscore) & mscore > 1, "poor", "good")))
jasa2$age <- jasa2$age - 48
write_topic("models_data", list(
  mgus = columns(mgus, c("months", "half_years", "cause", "age", "sex", "hgb", "band")),
  jasa = columns(jasa2, c("id", "futime", "fustat", "wait.time", "match", "age", "surgery")),
  heart = columns(heart, c("start", "stop", "event", "age", "year", "surgery", "transplant", "id")),
  endometrial = columns(endometrial, c("NV", "PI", "EH", "HG"))
))
death <- subset(colon, etype == 2 & !is.na(nodes) & !is.na(differ))
death$grade <- factor(death$differ)
ecog <- subset(lung, ph.ecog %in% 0:2)
veteran$celltype <- factor(veteran$celltype, levels = c("adeno", "large", "smallcell", "squamous"))

# --- logistic -----------------------------------------------------------------------------------------------------
exact <- list(epsilon = 1e-15, maxit = 60)
logistic <- function(formula, data, weights = rep(1, nrow(data)), cluster = NULL) {
  data$w_ <- weights
  fit <- glm(formula, binomial, data, weights = w_, control = exact)
  null <- update(fit, . ~ 1)
  v <- if (is.null(cluster)) vcov(fit) else sandwich::vcovCL(fit, cluster, type = "HC0", cadjust = FALSE)
  estimate <- coef(fit); se <- sqrt(diag(v))
  list(coefficients = many(estimate), covariance = unname(v), standard_errors = many(sqrt(diag(vcov(fit)))),
       low = many(exp(estimate - qnorm(.975) * se)), high = many(exp(estimate + qnorm(.975) * se)),
       p_values = many(2 * pnorm(-abs(estimate / se))),
       log_likelihood = many(c(logLik(null), logLik(fit))), n = nobs(fit), n_events = sum(fit$y))
}
lr <- function(smaller, larger) {
  statistic <- as.numeric(2 * (logLik(larger) - logLik(smaller))); df <- attr(logLik(larger), "df") - attr(logLik(smaller), "df")
  list(chi_squared = statistic, degrees_of_freedom = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}
four <- status ~ sex + age + nodes + grade
complete <- na.omit(lung[c("status", "age", "sex", "ph.karno", "time")]); complete$died <- complete$status == 2
counted <- 1 + seq_len(nrow(complete)) %% 3
write_topic("logistic", list(
  colon = logistic(four, death),
  colon_cluster = logistic(four, death, cluster = death$age),
  lung_weights = logistic(died ~ age + sex + ph.karno, complete, counted)
))

# --- Firth --------------------------------------------------------------------------------------------------------
# Estimates: brglm2. Limits and P: the profile of the penalised likelihood, the penalty of all columns, maximised here.
firth <- function(formula, data) {
  fit <- glm(formula, binomial, data, method = "brglmFit", type = "AS_mean", epsilon = 1e-13, maxit = 5000)
  x <- model.matrix(fit); y <- fit$y
  height <- function(b) {
    eta <- as.vector(x %*% b); p <- plogis(eta)
    sum(ifelse(y > 0, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) +
      determinant(crossprod(x, x * (p * (1 - p))))$modulus[1] / 2
  }
  slope <- function(b) {
    p <- plogis(as.vector(x %*% b)); w <- p * (1 - p)
    h <- w * rowSums((x %*% solve(crossprod(x, x * w))) * x)
    as.vector(crossprod(x, y - p + h * (0.5 - p)))
  }
  top <- height(coef(fit))
  held <- function(j, value) {
    whole <- function(b) append(b, value, j - 1)
    scale <- sqrt(diag(vcov(fit)))[-j]
    found <- optim(coef(fit)[-j], function(b) height(whole(b)), function(b) slope(whole(b))[-j], method = "BFGS",
                   control = list(fnscale = -1, reltol = 1e-16, maxit = 2000, parscale = scale))
    found$value
  }
  crossing <- function(j, side) {
    se <- sqrt(vcov(fit)[j, j]); from <- coef(fit)[j]
    fallen <- function(b) 2 * (top - held(j, b)) - qchisq(.95, 1)
    uniroot(fallen, sort(from + side * se * c(.3, 1)), extendInt = if (side > 0) "upX" else "downX", tol = 1e-12)$root
  }
  j <- seq_along(coef(fit))
  chi <- sapply(j, function(i) 2 * (top - held(i, 0)))
  list(coefficients = many(coef(fit)), standard_errors = many(sqrt(diag(vcov(fit)))), covariance = unname(vcov(fit)),
       low = many(sapply(j, crossing, side = -1)), high = many(sapply(j, crossing, side = 1)),
       chi_squared = many(chi), p_values = many(pchisq(chi, 1, lower.tail = FALSE)))
}
write_topic("firth", list(
  endometrial = firth(HG ~ NV + PI + EH, endometrial),
  lung = firth(died ~ age + sex, complete)
))

# --- competing risks ----------------------------------------------------------------------------------------------
incidence <- function(time, at) {
  event <- factor(mgus$cause, 0:2)
  lapply(c("log-log", "plain", "log"), function(kind) {
    s <- summary(survfit(Surv(mgus[[time]], event) ~ 1, conf.type = kind), times = at)
    list(limits = kind, times = many(s$time), incidence = many(s$pstate[, 2]), std_err = many(s$std.err[, 2]),
         low = many(s$lower[, 2]), high = many(s$upper[, 2]))
  })
}
gray <- function(time, group, strata = rep(1, nrow(mgus))) {
  tests <- cuminc(mgus[[time]], mgus$cause, mgus[[group]], strata = strata)$Tests
  list(chi_squared = many(tests[, "stat"]), degrees_of_freedom = many(tests[, "df"]),
       p_value = many(pchisq(tests[, "stat"], tests[, "df"], lower.tail = FALSE)))  # cuminc's own is 1 - p: 0 below 1e-16
}
subdistribution <- function(time, of) {
  fit <- crr(mgus[[time]], mgus$cause, cbind(mgus$age, mgus$sex == "F", mgus$hgb), failcode = of, gtol = 1e-14, maxiter = 50)
  list(coefficients = many(fit$coef), covariance = fit$var, log_likelihood = many(c(fit$loglik.null, fit$loglik)))
}
specific <- function(of) {
  fit <- coxph(Surv(months, cause == of) ~ age + sex + hgb, transform(mgus, sex = sex == "F"), control = coxph.control(eps = 1e-11))
  list(coefficients = many(coef(fit)), covariance = unname(vcov(fit)))
}
times <- c("months", "half_years")
write_topic("competing_risks", list(
  incidence = lapply(setNames(times, times), function(t) incidence(t, c(10, 30, 36))),
  cuminc = lapply(setNames(times, times), function(t) many(timepoints(cuminc(mgus[[t]], mgus$cause), c(10, 30, 36))$est[1, ])),
  gray = lapply(setNames(times, times), function(t)
    list(sex = gray(t, "sex"), band = gray(t, "band"), band_by_sex = gray(t, "band", mgus$sex))),
  fine_gray = lapply(setNames(times, times), function(t) lapply(c(1, 2), function(of) subdistribution(t, of))),
  cause_specific = lapply(c(1, 2), specific)
))

# --- restricted means ---------------------------------------------------------------------------------------------
restricted <- function(formula, data, tau) {
  table <- summary(survfit(formula, data), rmean = tau)$table
  table <- if (is.matrix(table)) table[, c("rmean", "se(rmean)")] else t(table[c("rmean", "se(rmean)")])
  m <- table[, 1]; s <- table[, 2]
  more <- if (length(m) == 2) {
    d <- m[[2]] - m[[1]]; se <- sqrt(sum(s^2)); r <- log(m[[2]] / m[[1]]); sr <- sqrt(sum((s / m)^2)); z <- qnorm(.975)
    list(difference = many(c(d, se, d - z * se, d + z * se, 2 * pnorm(-abs(d / se)))),
         ratio = many(c(exp(r), sr, exp(r - z * sr), exp(r + z * sr), 2 * pnorm(-abs(r / sr)))))
  } else list()
  c(list(tau = tau, means = many(m), std_errs = many(s)), more)
}
common <- function(time, group) min(tapply(time, group, max))
write_topic("rmst", list(
  lung_365 = restricted(Surv(time, status) ~ sex, lung, 365),
  lung_common = restricted(Surv(time, status) ~ sex, lung, common(lung$time, lung$sex)),
  veteran_common = restricted(Surv(time, status) ~ trt, veteran, common(veteran$time, veteran$trt)),
  lung_all = restricted(Surv(time, status) ~ 1, lung, max(lung$time))
))

# --- proportional hazards -----------------------------------------------------------------------------------------
zph <- function(fit, scale = "km", terms = TRUE) {
  found <- cox.zph(fit, transform = scale, terms = terms)$table
  list(chi_squared = many(found[, "chisq"]), degrees_of_freedom = many(found[, "df"]), p_value = many(found[, "p"]))
}
five <- coxph(Surv(time, status) ~ trt + celltype + karno, veteran)
lung$entry <- floor(lung$time * (seq_len(nrow(lung)) %% 3) / 4)
write_topic("proportional_hazards", list(
  veteran_terms = zph(five), veteran_columns = zph(five, terms = FALSE), veteran_rank = zph(five, "rank"),
  veteran_identity = zph(five, "identity"), veteran_log = zph(five, "log"),
  lung_one = zph(coxph(Surv(time, status) ~ sex, lung)),
  lung_strata = zph(coxph(Surv(time, status) ~ age + ph.karno + strata(sex), lung)),
  lung_entry = zph(coxph(Surv(entry, time, status) ~ age + sex, lung))
))

# --- episodes, interaction, follow-up -----------------------------------------------------------------------------
tight <- coxph.control(eps = 1e-11, iter.max = 50)
described <- function(fit) list(coefficients = many(coef(fit)), covariance = unname(vcov(fit)), log_likelihood = many(fit$loglik),
                                n = fit$n, n_events = fit$nevent)
states <- tmerge(subset(jasa2, select = -transplant), jasa2, id = id, death = event(futime, fustat), transplant = tdc(wait.time))
states$state <- with(states, ifelse(transplant == 0, "none", match))
pieces <- survSplit(Surv(time, status) ~ ., transform(veteran, id = seq_along(time)), cut = c(60, 180), episode = "period")
by_period <- function(...) coxph(Surv(tstart, time, status) ~ I(trt == 2 & period == 1) + I(trt == 2 & period == 2) +
                                   I(trt == 2 & period == 3) + karno, pieces, control = tight, ...)
throughout <- coxph(Surv(tstart, time, status) ~ trt + karno, pieces, control = tight)
changing <- coxph(Surv(tstart, time, status) ~ trt + I(trt == 2 & period == 2) + I(trt == 2 & period == 3) + karno, pieces,
                  control = tight, cluster = pieces$celltype)
wald <- function(fit, j) { b <- coef(fit)[j]; chi <- sum(b * solve(vcov(fit)[j, j], b))
  list(chi_squared = chi, degrees_of_freedom = length(j), p_value = pchisq(chi, length(j), lower.tail = FALSE)) }
product <- coxph(Surv(time, status) ~ rx * sex, death, control = tight)
reverse <- function(d, kind) {
  q <- quantile(survfit(Surv(time, status == 1) ~ 1, d, conf.type = kind), 0.5)
  list(conf_type = kind, median = many(c(q$quantile, q$lower, q$upper)))
}
write_topic("episodes", list(
  heart = described(coxph(Surv(start, stop, event) ~ transplant + age + year + surgery, heart, control = tight)),
  jasa_states = c(described(coxph(Surv(tstart, tstop, death) ~ I(state == "good") + I(state == "poor") + age + surgery, states,
                                control = tight)),
                  list(months_at_risk = many(with(states, tapply(tstop - tstart, factor(state, c("none", "good", "poor")), sum))),
                       events = many(with(states, tapply(death, factor(state, c("none", "good", "poor")), sum))))),
  veteran_pieces = c(described(by_period()), list(change = lr(throughout, by_period()), events = many(tapply(pieces$status, pieces$period, sum)))),
  veteran_pieces_cluster = c(described(by_period(cluster = pieces$celltype)), list(change = wald(changing, 2:3))),
  cox_likelihood_ratio = list(grade = lr(coxph(Surv(time, status) ~ rx + nodes, death, control = tight),
                                         coxph(Surv(time, status) ~ rx + nodes + grade, death, control = tight))),
  cox_interaction = list(rx_sex = lr(coxph(Surv(time, status) ~ rx + sex, death, control = tight), product),
    rx_sex_cluster = wald(coxph(Surv(time, status) ~ rx * sex, death, control = tight, cluster = age), 4:5),
    sex_ecog = lr(coxph(Surv(time, status) ~ sex + factor(ph.ecog) + age, ecog, control = tight),
                  coxph(Surv(time, status) ~ sex * factor(ph.ecog) + age, ecog, control = tight))),
  reverse = list(lung_log_log = reverse(lung, "log-log"), lung_plain = reverse(lung, "plain"))
))
