package dev.kiln.registry.auth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a token shall allow, as {@code type:name:action,action} texts in normal form: sorted, each
 * resource once. Source: the "distribution" project's token scope documentation. Immutable.
 *
 * @param texts in normal form
 */
public record Scopes(List<String> texts) {
  /** Nothing in particular. */
  public static final Scopes NONE = new Scopes(List.of());

  public Scopes {
    texts = List.copyOf(texts);
  }

  /** Reading one repository. */
  public static Scopes pull(String path) {
    return of(List.of("repository:" + path + ":pull"));
  }

  /** Reading and writing one repository. */
  public static Scopes push(String path) {
    return of(List.of("repository:" + path + ":pull,push"));
  }

  /** Brings texts, each of which may hold several scopes with spaces between, into normal form. */
  public static Scopes of(List<String> scopes) {
    SortedMap<String, SortedSet<String>> byResource = new TreeMap<>();
    for (String text : scopes) {
      for (String scope : text.strip().split(" +", -1)) {
        // The name may hold colons (a port), the actions may not.
        int first = scope.indexOf(':');
        int last = scope.lastIndexOf(':');
        boolean hasActions = last > first;
        String resource = hasActions ? scope.substring(0, last) : scope;
        SortedSet<String> actions = byResource.computeIfAbsent(resource, key -> new TreeSet<>());
        if (hasActions) {
          Collections.addAll(actions, scope.substring(last + 1).split(",", -1));
        }
      }
    }
    byResource.remove("");
    List<String> normal = new ArrayList<>();
    byResource.forEach(
        (resource, actions) -> normal.add(resource + ":" + String.join(",", actions)));
    return new Scopes(normal);
  }

  /** These and those together. */
  public Scopes and(Scopes other) {
    List<String> all = new ArrayList<>(texts);
    all.addAll(other.texts);
    return of(all);
  }

  /** All texts with spaces between. */
  @Override
  public String toString() {
    return String.join(" ", texts);
  }
}
