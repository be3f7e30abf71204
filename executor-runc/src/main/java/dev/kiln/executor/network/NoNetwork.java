package dev.kiln.executor.network;

/** A new namespace for each container, with a loopback interface and nothing else. */
public final class NoNetwork implements NetworkProvider {
  @Override
  public NetworkNamespace open(String hostname) {
    return NetworkNamespace.unowned(new NetworkNamespace.Attachment.Fresh());
  }
}
