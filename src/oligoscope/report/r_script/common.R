# ---- reading ------------------------------------------------------------------------------------
suppressPackageStartupMessages(library(survival))
if (getRversion() < "4.0.0" || packageVersion("survival") < "3.2.0") stop("R 4.0 and survival 3.2, or later, are needed")
options(warn = -1)
MONTH <- 30.4375  # days
Z <- qnorm(0.975)

folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) dirname(gsub("~+~", " ", file[1], fixed = TRUE)) else getwd()
})

# Cells are read as text; an apostrophe that keeps a spreadsheet from taking a text for a formula is taken off again.
read_cells <- function(name) {
  cells <- read.csv(file.path(folder, name), header = FALSE, colClasses = "character", na.strings = character(),
                    encoding = "UTF-8", check.names = FALSE, blank.lines.skip = FALSE, stringsAsFactors = FALSE)
  cells[] <- lapply(cells, function(x) {
    guarded <- grepl("^'+([=+@\t\r\n-]|\uff1d|\uff0b|\uff0d|\uff20)", x)
    x[guarded] <- substring(x[guarded], 2)
    x
  })
  names <- sub("^\ufeff", "", unlist(cells[1, ], use.names = FALSE))
  cells <- cells[-1, , drop = FALSE]
  cells[] <- lapply(cells, function(x) ifelse(x == "", NA, x))
  setNames(cells, names)
}

results <- read_cells("results.csv")
KEYS <- c("analysis", "population", "outcome", "group", "variable", "level", "statistic")
key_of <- function(parts) do.call(paste, c(lapply(parts, function(x) ifelse(is.na(x), "", x)), sep = "\x1f"))
results$key <- key_of(results[KEYS])

everyone <- read_cells("patients.csv")
if (file.exists(file.path(folder, "covariates.csv"))) {
  more <- read_cells("covariates.csv")
  everyone[names(more)] <- more[match(everyone$patient_id, more$patient_id), ]
}
imputed <- if (file.exists(file.path(folder, "imputed.csv"))) read_cells("imputed.csv")
matched_pairs <- if (file.exists(file.path(folder, "matched_pairs.csv"))) read_cells("matched_pairs.csv")

number <- function(d, name) as.numeric(d[[name]])
words <- function(d, name) {
  x <- d[[name]]
  if (name %in% YES_NO) ifelse(x == "true", "yes", ifelse(x == "false", "no", x)) else x
}
# Patients of a population who have these levels.
having <- function(d, where) {
  for (one in where) {
    x <- if (one$number) number(d, one$column) == as.numeric(one$word) else words(d, one$column) == one$word
    d <- d[which(x), , drop = FALSE]
  }
  d
}
patients <- function(population, where = list()) {
  inside <- if (population == "progressed") "progressed" else c("treated", "progressed")
  having(everyone[everyone$population %in% inside, , drop = FALSE], where)
}
# Patients of a population who have a group, with the values that were drawn for them in one imputation.
completed <- function(population, by, imputation) {
  d <- patients(population)
  d <- d[!is.na(words(d, by)), , drop = FALSE]
  if (is.null(imputed)) return(d)
  drawn <- imputed[imputed$population == population & imputed$grouping == by & imputed$imputation == imputation, ]
  for (name in unique(drawn$variable)) {
    one <- drawn[drawn$variable == name, ]
    d[match(one$patient_id, d$patient_id), name] <- one$value
  }
  d
}

# ---- comparing ----------------------------------------------------------------------------------
compared <- list()
is_near <- function(ours, theirs, statistic) {
  if (is.na(ours) || is.na(theirs)) return(is.na(ours) && (is.na(theirs) || is.infinite(theirs)))
  apart <- abs(ours - theirs)
  apart <= 1e-6 * max(abs(ours), abs(theirs)) || (!grepl("^p_value", statistic) && apart < 1e-10)
}
# `at`: the keys of a row without its statistic. A number that was withheld is not compared.
same <- function(at, statistic, value, low = NULL, high = NULL) {
  row <- match(key_of(as.list(c(at, statistic))), results$key)
  if (is.na(row) || is.na(results$value[row])) return(invisible())
  theirs <- list(value = value, low = low, high = high)
  for (part in names(theirs)) if (!is.null(theirs[[part]])) {
    ours <- as.numeric(results[[part]][row]); r <- as.numeric(theirs[[part]])
    if (length(r) != 1) r <- NA
    if (part != "value" && is.na(ours) && is.na(r)) next
    compared[[length(compared) + 1]] <<- data.frame(row = row, part = part, ours = ours, r = r,
                                                    same = is_near(ours, r, statistic))
  }
  invisible()
}
finish <- function() {
  found <- do.call(rbind, compared)
  if (is.null(found)) {
    cat("Nothing was compared: results.csv holds no number of an analysis that is computed here.\n")
    quit(status = 0)
  }
  at <- function(row) vapply(row, function(i) paste(na.omit(unlist(results[i, KEYS])), collapse = " | "), "")
  cat("Row of results.csv; its number; R's; the difference over the larger of them.\n\n")
  cat(sprintf("%6s  %-5s %24s %24s %9s %s  %s\n", found$row + 1, found$part,
              format(found$ours, digits = 16, width = 1), format(found$r, digits = 16, width = 1),
              format(abs(found$ours - found$r) / pmax(abs(found$ours), abs(found$r), 1e-300), digits = 2, scientific = TRUE),
              ifelse(found$same, "same  ", "DIFFER"), at(found$row)), sep = "")
  covered <- results$analysis %in% c("survival", "landmark", "predictors", "weighting") |
    (results$analysis == "baseline" & results$statistic %in% c("p_value", "test_statistic", "z_statistic")) |
    (results$analysis == "reclassification" & results$statistic == "hazard_ratio")
  left <- which(covered & !is.na(results$value) & !(seq_len(nrow(results)) %in% found$row))
  if (length(left)) {
    counts <- as.data.frame(table(paste(results$analysis, results$statistic, results$method, sep = " | ")[left]))
    cat("\nNot recomputed here (analysis | statistic | method):\n")
    cat(sprintf("%6d  %s\n", counts$Freq, counts$Var1), sep = "")
  }
  wrong <- sum(!found$same)
  cat(sprintf("\n%d numbers compared with %s, survival %s: %d equal to 1e-6 of their size, %d not.\n", nrow(found),
              R.version.string, packageVersion("survival"), nrow(found) - wrong, wrong))
  quit(status = if (wrong) 1 else 0)
}
ratio <- function(estimate, error, df = Inf) exp(estimate + c(0, -1, 1) * qt(0.975, df) * error)
# The imputation whose P is the median of all: its statistic is the one that is given.
of_median <- function(p) match(TRUE, p == median(p))
p_of <- function(t, df = Inf) 2 * pt(-abs(t), df)
