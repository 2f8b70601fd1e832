package dev.guildcast.voice.call;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The voice gateway: the WebSocket port at which clients of voice channels connect.
///
/// @param address to bind; empty: all addresses of the machine
/// @param port to bind; 0: any free one
/// @param endpoint `host:port` that clients are sent, without a scheme; they put `wss://` before it. It must lead to
///     this instance and no other, because the voice servers that are linked to it are. Empty: `127.0.0.1` and the port
/// @param sslBundle name of the bundle (`spring.ssl.bundle`) with certificate and key; empty: no TLS, which is right
///     only behind a proxy that ends it, since client libraries connect by `wss://` alone
/// @param tokenKey key of the tokens that this instance issues and verifies, base64url of 32 bytes; empty: a random
///     one, so that tokens end with the process
/// @param heartbeatInterval at which clients send a heartbeat at the latest; half of it longer without one, and the
///     socket is closed. Shorter finds dead clients sooner, and costs a frame each
/// @param identifyWithin how long a connection may take to become a WebSocket, and that to get a session
/// @param resumeWindow how long a session is kept without a socket, its media included
/// @param staleAfter how long a session may stay on a voice server that its guild has left; its client is closed then,
///     with a code that makes it begin again. Longer than clients need to follow VOICE_SERVER_UPDATE
/// @param socketsMax connections at a time, about 30 KB each; more are answered with 503
/// @param framesPerMinute of one client; more close its connection
/// @param outboundMax bytes queued for one client; a client that reads too slowly is closed at it
/// @param replayMax bytes kept for the resume of one session; an older message makes a resume fail
@ConfigurationProperties("voice.gateway")
public record VoiceGatewayProperties(
        @DefaultValue("") String address,
        @DefaultValue("8088") int port,
        @DefaultValue("") String endpoint,
        @DefaultValue("") String sslBundle,
        @DefaultValue("") String tokenKey,
        @DefaultValue("13750ms") Duration heartbeatInterval,
        @DefaultValue("10s") Duration identifyWithin,
        @DefaultValue("60s") Duration resumeWindow,
        @DefaultValue("5s") Duration staleAfter,
        @DefaultValue("20000") int socketsMax,
        @DefaultValue("120") int framesPerMinute,
        @DefaultValue("256KB") DataSize outboundMax,
        @DefaultValue("64KB") DataSize replayMax) {
    private static final int PORT_MAX = 65_535;

    public VoiceGatewayProperties {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("voice.gateway.port " + port + " (expected: 0 to 65535)");
        }
        if (endpoint.contains("/")) {
            throw new IllegalArgumentException(
                    "voice.gateway.endpoint " + endpoint + " (expected: host:port without a scheme or a path)");
        }
        positive("heartbeat-interval", heartbeatInterval);
        positive("identify-within", identifyWithin);
        positive("resume-window", resumeWindow);
        positive("stale-after", staleAfter);
        if (socketsMax < 1 || framesPerMinute < 1) {
            throw new IllegalArgumentException("voice.gateway.sockets-max " + socketsMax
                    + " and voice.gateway.frames-per-minute " + framesPerMinute + " (expected: at least 1)");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("voice.gateway." + name + " " + value + " (expected: above 0)");
        }
    }
}
