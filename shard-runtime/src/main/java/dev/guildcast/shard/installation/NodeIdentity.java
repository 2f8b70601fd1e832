package dev.guildcast.shard.installation;

import java.util.UUID;

/// This process among those of its installation. Made once for each process, since a generated id is another each time.
///
/// @param id the configured or generated id
/// @param configuredAddress the configured gRPC address; blank for none
public record NodeIdentity(String id, String configuredAddress) {
    /// @param prefix of a generated id: tells operators which service it is, such as `session-`
    public static NodeIdentity of(InstallationProperties installation, String prefix) {
        var node = installation.node();
        return new NodeIdentity(node.id().isBlank() ? prefix + UUID.randomUUID() : node.id(), node.address());
    }

    /// The `host:port` at which others reach this process.
    ///
    /// @param grpcPort the port that its gRPC server has bound
    public String address(int grpcPort) {
        return configuredAddress.isBlank() ? "127.0.0.1:" + grpcPort : configuredAddress;
    }
}
