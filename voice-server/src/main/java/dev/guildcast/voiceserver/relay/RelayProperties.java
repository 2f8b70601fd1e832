package dev.guildcast.voiceserver.relay;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Limits for sources that have not been authenticated, and load shedding.
///
/// @param unprovenPerSource packets a second from one IPv4 address or IPv6 /64 that has proven nothing: discoveries,
///     pings and the first packets of those who join; clients behind one address share it
/// @param unprovenTogether packets a second from all such addresses; each costs the loop one or two microseconds, so
///     the default is at most 4 % of it, and a server whose clients all come back at once lets in that many a second
/// @param shedVideoShare share of the loop's time from which video is dropped; what is left is for voice, which comes
///     in bursts
/// @param shedScreenShare share from which the sound of shared screens is dropped, too
/// @param calmShare the share of the loop's time that ends shedding when it stays below it for a second; well below
///     the others, so that shedding does not flap
@ConfigurationProperties("voice-server.relay")
public record RelayProperties(
        @DefaultValue("100") int unprovenPerSource,
        @DefaultValue("20000") int unprovenTogether,
        @DefaultValue("0.85") double shedVideoShare,
        @DefaultValue("0.95") double shedScreenShare,
        @DefaultValue("0.70") double calmShare) {
    public RelayProperties {
        if (unprovenPerSource < 1 || unprovenTogether < unprovenPerSource) {
            throw new IllegalArgumentException("voice-server.relay.unproven-per-source " + unprovenPerSource
                    + ", unproven-together " + unprovenTogether + " (expected: at least 1, and not less together)");
        }
        if (!(0 < calmShare
                && calmShare < shedVideoShare
                && shedVideoShare <= shedScreenShare
                && shedScreenShare <= 1)) {
            throw new IllegalArgumentException("voice-server.relay.calm-share " + calmShare + ", shed-video-share "
                    + shedVideoShare + ", shed-screen-share " + shedScreenShare
                    + " (expected: 0 < calm < video <= screen <= 1)");
        }
    }
}
