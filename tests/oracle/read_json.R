# Reading of JSON with base R alone: objects are named lists, arrays are lists, null is NULL.
read_json <- function(file) {
  text <- paste(readLines(file, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  chars <- strsplit(text, "")[[1]]
  at <- 1
  skip <- function() while (at <= length(chars) && chars[at] %in% c(" ", "\n", "\t", "\r")) at <<- at + 1
  take <- function(sign) { skip(); stopifnot(chars[at] == sign); at <<- at + 1 }
  sees <- function(sign) { skip(); chars[at] == sign }
  string <- function() {
    take('"')
    out <- character()
    while (chars[at] != '"') {
      one <- chars[at]
      if (one == "\\") {
        at <<- at + 1
        one <- switch(chars[at], n = "\n", t = "\t", r = "\r", b = "\b", f = "\f",
                      u = { code <- paste(chars[at + 1:4], collapse = ""); at <<- at + 4; intToUtf8(strtoi(code, 16L)) },
                      chars[at])
      }
      out <- c(out, one)
      at <<- at + 1
    }
    at <<- at + 1
    paste(out, collapse = "")
  }
  word <- function() {
    from <- at
    while (at <= length(chars) && !(chars[at] %in% c(",", "]", "}", " ", "\n"))) at <<- at + 1
    found <- paste(chars[from:(at - 1)], collapse = "")
    switch(found, true = TRUE, false = FALSE, null = NULL, as.numeric(found))
  }
  value <- function() {
    skip()
    if (sees("{")) {
      take("{")
      out <- list()
      while (!sees("}")) {
        name <- { skip(); string() }
        take(":")
        out[name] <- list(value())
        if (sees(",")) take(",")
      }
      take("}")
      return(out)
    }
    if (sees("[")) {
      take("[")
      out <- list()
      while (!sees("]")) {
        out <- c(out, list(value()))
        if (sees(",")) take(",")
      }
      take("]")
      return(out)
    }
    if (sees('"')) string() else word()
  }
  value()
}
