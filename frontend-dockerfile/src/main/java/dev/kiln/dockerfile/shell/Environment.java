package dev.kiln.dockerfile.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Variables that an expansion may use. */
public interface Environment {

  /** No variables. */
  Environment EMPTY =
      new Environment() {
        @Override
        public @Nullable String get(String name) {
          return null;
        }

        @Override
        public List<String> keys() {
          return List.of();
        }
      };

  /** The variable's value, or null if it is not set. */
  @Nullable String get(String name);

  /** Names of all variables, in the order in which they were set. */
  List<String> keys();
}
