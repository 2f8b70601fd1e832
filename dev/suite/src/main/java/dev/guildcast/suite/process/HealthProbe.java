package dev.guildcast.suite.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// Probes the health of a service.
@FunctionalInterface
interface HealthProbe {
    boolean isHealthy(URI health);

    /// Over HTTP: a response with status 200 within 2 s is healthy.
    static HealthProbe http() {
        return health -> {
            try {
                var connection = (HttpURLConnection) health.toURL().openConnection();
                connection.setConnectTimeout(2_000);
                connection.setReadTimeout(2_000);
                connection.setInstanceFollowRedirects(false);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                return false;
            }
        };
    }
}
