package dev.guildcast.suite.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Probes the health of a service.
@FunctionalInterface
interface HealthProbe {
    /// What a probe found.
    enum Health {
        HEALTHY,
        /// It responds that it cannot serve, such as without its broker. A restart would not help.
        UNHEALTHY,
        /// It does not respond: it hangs, collects garbage without end, or is not there.
        SILENT
    }

    /// A service that works responds in milliseconds, on a busy machine within a second.
    int TIMEOUT_MILLIS = 2_000;

    /// The request `ApiVersions` in version 0, without a client's name: the first that any Kafka client sends.
    byte[] KAFKA_API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, (byte) 0xFF, (byte) 0xFF};

    Health probe(URI health);

    /// By the scheme of the address: `http`, where status 200 is healthy, `redis` or `kafka`.
    static HealthProbe byScheme() {
        return health -> {
            try {
                return switch (health.getScheme()) {
                    case "redis" -> exchange(health, "PING\r\n".getBytes(StandardCharsets.US_ASCII));
                    case "kafka" -> exchange(health, KAFKA_API_VERSIONS);
                    default -> http(health);
                };
            } catch (IOException e) {
                return Health.SILENT;
            }
        };
    }

    private static Health http(URI health) throws IOException {
        var connection = (HttpURLConnection) health.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK ? Health.HEALTHY : Health.UNHEALTHY;
        } finally {
            connection.disconnect();
        }
    }

    /// Any response is a sign of life.
    private static Health exchange(URI health, byte[] request) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(health.getHost(), health.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            return socket.getInputStream().read() >= 0 ? Health.HEALTHY : Health.SILENT;
        }
    }
}
