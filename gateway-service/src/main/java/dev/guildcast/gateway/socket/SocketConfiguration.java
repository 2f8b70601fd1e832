package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionProperties;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.handshake.ClientMessageHandler;
import dev.guildcast.gateway.limit.AddressLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.URI;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.WebFilter;
import reactor.netty.http.server.ConnectionInfo;
import reactor.netty.http.server.HttpServer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SocketProperties.class, DrainProperties.class, PublicUrls.class, ProxyProperties.class})
class SocketConfiguration {
    @Bean
    ConnectionDrainer connectionDrainer(
            ConnectionRegistry connections, DrainProperties properties, ApplicationContext context) {
        return new ConnectionDrainer(connections, properties, context, System::nanoTime);
    }

    @Bean
    ConnectionsEndpoint connectionsEndpoint(ConnectionRegistry connections, ConnectionDrainer drainer) {
        return new ConnectionsEndpoint(connections, drainer);
    }

    @Bean
    ConnectionFactory connectionFactory(
            SocketProperties socket,
            CommandProperties commands,
            PublicUrls urls,
            ConnectionMetrics metrics,
            MeterRegistry registry) {
        return new ConnectionFactory(socket, commands, urls, metrics, registry, System::nanoTime);
    }

    @Bean
    GatewayHandlerMapping gatewayHandlerMapping(
            ClientMessageHandler messageHandler,
            ConnectionRegistry connections,
            SocketProperties socket,
            CommandProperties commands,
            ConnectionFactory factory) {
        return new GatewayHandlerMapping(
                switch (socket.layer()) {
                    case FRAME ->
                        new FrameUpgradeStrategy.FrameTarget(new FrameLayer(
                                messageHandler,
                                connections,
                                factory,
                                socket.closeTimeout(),
                                commands.userFrameBytesMax()));
                    case WEBFLUX ->
                        new GatewayUpgradeStrategy.UpgradeTarget(new GatewayWebSocketHandler(
                                messageHandler, connections, factory, socket.closeTimeout()));
                });
    }

    /// WebFlux takes the service from its configurer only; it ignores a bean of this type.
    @Bean
    WebFluxConfigurer upgradeConfigurer(CommandProperties commands, SocketProperties socket) {
        int frameBytesMax = commands.userFrameBytesMax();
        return new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return new GatewayWebSocketService(
                        switch (socket.layer()) {
                            case FRAME -> new FrameUpgradeStrategy();
                            case WEBFLUX -> new GatewayUpgradeStrategy(frameBytesMax);
                        });
            }
        };
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter upgradeFilter(ConnectionMetrics metrics) {
        return new UpgradeFilter(metrics);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    WebFilter admissionFilter(
            ConnectionRegistry connections,
            AddressLimiter addressLimiter,
            ConnectionProperties properties,
            ConnectionMetrics metrics,
            ConnectionDrainer drainer) {
        return new AdmissionFilter(connections, addressLimiter, properties, metrics, drainer::isDraining);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> socketOptions(
            SocketProperties properties, ProxyProperties proxies, PublicUrls urls, Environment environment) {
        var strategy = environment.getProperty("server.forward-headers-strategy", "none");
        if (!strategy.equalsIgnoreCase("none")) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.forward-headers-strategy",
                    strategy,
                    "would believe the headers of anybody: name the proxies in gateway.proxies.trusted instead");
        }
        return factory -> {
            var ssl = factory.getSsl();
            if (ssl != null && ssl.isEnabled()) {
                urls.requireTls();
            }
            factory.addServerCustomizers(server -> forwarded(options(server, properties), proxies));
        };
    }

    private static HttpServer forwarded(HttpServer server, ProxyProperties proxies) {
        if (proxies.trusted().isEmpty()) {
            return server;
        }
        return server.forwarded((connection, request) -> {
            var peer = connection.getRemoteAddress();
            return peer == null
                    ? connection
                    : ForwardedClient.of(peer.getAddress(), request.headers(), proxies::isTrusted)
                            .map(client -> connected(connection, client))
                            .orElse(connection);
        });
    }

    private static ConnectionInfo connected(ConnectionInfo connection, ForwardedClient client) {
        var as = connection.withRemoteAddress(new InetSocketAddress(client.address(), 0));
        if (!client.scheme().isEmpty()) {
            as = as.withScheme(client.scheme());
        }
        if (!client.host().isEmpty()) {
            var host = URI.create("http://" + client.host());
            int port = host.getPort() < 0 ? ConnectionInfo.getDefaultHostPort(as.getScheme()) : host.getPort();
            as = as.withHostAddress(InetSocketAddress.createUnresolved(host.getHost(), port), host.getHost(), port);
        }
        return as;
    }

    static HttpServer options(HttpServer server, SocketProperties properties) {
        var with = server.option(ChannelOption.SO_BACKLOG, properties.backlog())
                .childOption(ChannelOption.TCP_NODELAY, properties.tcpNoDelay())
                .doOnChannelInit((observer, channel, remote) -> UpgradeTail.addTo(channel.pipeline()));
        if (properties.sendBuffer().toBytes() > 0) {
            with = with.childOption(
                    ChannelOption.SO_SNDBUF, (int) properties.sendBuffer().toBytes());
        }
        if (properties.receiveBuffer().toBytes() > 0) {
            with = with.childOption(
                    ChannelOption.SO_RCVBUF, (int) properties.receiveBuffer().toBytes());
        }
        return with;
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> osLimitsCheck(
            ConnectionProperties connections, SocketProperties socket) {
        return event -> {
            // The events of the actuator's own server reach this context, too.
            if (event.getApplicationContext().getServerNamespace() == null) {
                int port = event.getWebServer().getPort();
                new OsLimits().logWarnings(connections.max(), socket.backlog(), port);
            }
        };
    }
}
