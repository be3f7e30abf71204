package dev.kiln.registry.failure;

/**
 * What one host said, or why it said nothing.
 *
 * @param host the server with its port
 * @param status the HTTP status, or 0 if there was no answer
 * @param detail the registry's own message, or what broke the connection; may be empty
 */
public record HostAnswer(String host, int status, String detail) {
  /**
   * {@code host answered 404 Not Found (manifest unknown)}, or {@code host could not be reached
   * (connection refused)}.
   */
  @Override
  public String toString() {
    String more = detail.isEmpty() ? "" : " (" + detail + ")";
    if (status == 0) {
      return host + " could not be reached" + more;
    }
    String reason = reason(status);
    return host + " answered " + status + (reason.isEmpty() ? "" : " " + reason) + more;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 206 -> "Partial Content";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 413 -> "Request Entity Too Large";
      case 416 -> "Requested Range Not Satisfiable";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "";
    };
  }
}
