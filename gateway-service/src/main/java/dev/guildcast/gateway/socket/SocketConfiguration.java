package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionProperties;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.handshake.ClientMessageHandler;
import dev.guildcast.gateway.limit.AddressLimiter;
import io.netty.channel.ChannelOption;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.WebFilter;
import reactor.netty.http.server.HttpServer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SocketProperties.class, DrainProperties.class, PublicUrls.class})
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
    GatewayHandlerMapping gatewayHandlerMapping(
            ClientMessageHandler messageHandler,
            ConnectionRegistry connections,
            SocketProperties socket,
            CommandProperties commands,
            PublicUrls urls,
            ConnectionMetrics metrics) {
        var factory = new ConnectionFactory(socket, commands, urls, metrics, System::nanoTime);
        return new GatewayHandlerMapping(new GatewayUpgradeStrategy.UpgradeTarget(
                new GatewayWebSocketHandler(messageHandler, connections, factory, socket.closeTimeout())));
    }

    /// WebFlux takes the service from its configurer only; it ignores a bean of this type.
    @Bean
    WebFluxConfigurer upgradeConfigurer(CommandProperties properties) {
        int frameBytesMax = properties.userFrameBytesMax();
        return new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return new GatewayWebSocketService(new GatewayUpgradeStrategy(frameBytesMax));
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
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> socketOptions(SocketProperties properties) {
        return factory -> factory.addServerCustomizers(server -> options(server, properties));
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
