package dev.guildcast.voiceserver.link;

import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How this server registers with voice-signaling.
///
/// @param target gRPC address of voice-signaling, such as `host:port`; empty: the server registers nowhere, and only
///     this process can open rooms
/// @param serverId unique among the voice servers of an installation, 1 to 64 of `A-Za-z0-9._-`; empty: a random one,
///     which is another after each start
/// @param region where this server is; clients are placed in the region of their channel
/// @param address at which clients reach the media port: an IPv4 or IPv6 literal, because clients resolve no name here
/// @param port at which clients reach the media port; 0: the one that is bound
/// @param reportEvery how often the load is reported; half of what voice-signaling tolerates, or less
/// @param drainWindow how long a stopping server goes on relaying while voice-signaling moves its rooms; longer lets
///     slow clients move without a gap, shorter ends the process sooner
@ConfigurationProperties("voice-server.link")
public record LinkProperties(
        @DefaultValue("") String target,
        @DefaultValue("") String serverId,
        @DefaultValue("local") String region,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("0") int port,
        @DefaultValue("1s") Duration reportEvery,
        @DefaultValue("5s") Duration drainWindow) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}");
    private static final int PORT_MAX = 65_535;

    public LinkProperties {
        if (!serverId.isEmpty() && !NAME.matcher(serverId).matches()) {
            throw new IllegalArgumentException(
                    "voice-server.link.server-id " + serverId + " (expected: 1 to 64 of A-Za-z0-9._-)");
        }
        if (!NAME.matcher(region).matches()) {
            throw new IllegalArgumentException(
                    "voice-server.link.region " + region + " (expected: 1 to 64 of A-Za-z0-9._-)");
        }
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException("voice-server.link.address " + address
                    + " (expected: an IPv4 or IPv6 literal at which clients reach this server)");
        }
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("voice-server.link.port " + port + " (expected: 0 to 65535)");
        }
        if (reportEvery.isNegative() || reportEvery.isZero()) {
            throw new IllegalArgumentException(
                    "voice-server.link.report-every " + reportEvery + " (expected: above 0)");
        }
        if (drainWindow.isNegative()) {
            throw new IllegalArgumentException(
                    "voice-server.link.drain-window " + drainWindow + " (expected: 0 or more)");
        }
    }
}
