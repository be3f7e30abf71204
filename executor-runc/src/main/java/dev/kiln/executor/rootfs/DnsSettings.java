package dev.kiln.executor.rootfs;

import java.util.List;

/**
 * Name resolution as configured; an empty list keeps what the host says.
 *
 * @param nameservers IP addresses
 * @param options of resolv.conf(5)
 * @param searchDomains of resolv.conf(5)
 */
public record DnsSettings(
    List<String> nameservers, List<String> options, List<String> searchDomains) {
  /** Keeps all. */
  public static final DnsSettings HOST = new DnsSettings(List.of(), List.of(), List.of());

  public DnsSettings {
    nameservers = List.copyOf(nameservers);
    options = List.copyOf(options);
    searchDomains = List.copyOf(searchDomains);
  }
}
