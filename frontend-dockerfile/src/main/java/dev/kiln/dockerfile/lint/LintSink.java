package dev.kiln.dockerfile.lint;

/** Receives warnings as they are found. */
@FunctionalInterface
public interface LintSink {

  void warn(LintWarning warning);
}
