package dev.kiln.executor.network;

/** The daemon's own network, shared by all. */
public final class HostNetwork implements NetworkProvider {
  @Override
  public NetworkNamespace open(String hostname) {
    return NetworkNamespace.unowned(new NetworkNamespace.Attachment.Host());
  }
}
