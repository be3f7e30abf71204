package dev.kiln.daemon.config;

import java.nio.file.Path;

/**
 * How steps reach the network.
 *
 * @param mode {@code auto}, {@code bridge}, {@code cni} or {@code host}
 * @param cniPoolSize network namespaces that are kept ready
 * @param bridgeSubnet in CIDR form
 */
public record NetworkConfig(
    String mode,
    Path cniConfigPath,
    Path cniBinaryPath,
    int cniPoolSize,
    String bridgeName,
    String bridgeSubnet) {}
