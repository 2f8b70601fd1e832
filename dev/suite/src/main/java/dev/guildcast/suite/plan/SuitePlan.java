package dev.guildcast.suite.plan;

import dev.guildcast.shard.access.TokenDigest;
import dev.guildcast.suite.process.ServiceSpec;
import dev.guildcast.suite.status.SuiteFolder;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The service instances of one suite, and the addresses under which it is reached.
///
/// - **Owner:** created once, by one thread; read by any.
public final class SuitePlan {
    public static final String KAFKA = "kafka";
    public static final String REDIS = "redis";
    public static final String COORDINATOR = "shard-coordinator";
    public static final String SESSION = "session-service";
    public static final String FANOUT = "fanout-service";
    public static final String PRESENCE = "presence-service";
    public static final String VOICE = "voice-signaling-service";
    public static final String GATEWAY = "gateway-service";
    public static final String VOICE_SERVER = "voice-server";
    public static final String BACKEND = "backend";

    /// Of a file that its owner alone may read, with a key that is worth nothing elsewhere; the format demands one.
    public static final String VOICE_KEY_STORE_PASSWORD = "guildcast";

    /// The tokens with which publishers authenticate at ingress.
    ///
    /// @param world of the publisher that loads the world
    /// @param local printed for the user of the suite
    /// @param backend of the chat backend
    public record IngressTokens(String world, String local, String backend) {
        /// Whether none is missing, as in a file that another version has written.
        public boolean areComplete() {
            return Stream.of(world, local, backend).allMatch(token -> token != null && !token.isBlank());
        }
    }

    private final SuiteFolder folder;
    private final IngressTokens tokens;
    private final SuitePorts ports;
    private final int restPort;
    private final int gatewayPort;
    private final int ingressPort;
    private final int ingressGrpcPort;
    private final int kafkaPort;
    private final int redisPort;
    private final int voiceGatewayPort;
    private final List<ServiceSpec> services = new ArrayList<>();

    public SuitePlan(SuiteOptions options, SuiteFolder folder, IngressTokens tokens) {
        this.folder = folder;
        this.tokens = tokens;
        this.ports = new SuitePorts(options.port());
        restPort = ports.rest();
        gatewayPort = ports.gateway();
        ingressPort = ports.ingress();
        ingressGrpcPort = ports.ingressGrpc();
        voiceGatewayPort = ports.voiceGateway();
        kafkaPort = ports.kafka();
        redisPort = ports.redis();
        services.add(new ServiceSpec(
                KAFKA,
                1,
                "dev.guildcast.suite.plan.KafkaService",
                List.of(Integer.toString(kafkaPort), folder.kafka().toString()),
                Map.of("kafka", kafkaPort),
                Optional.of(URI.create("kafka://127.0.0.1:" + kafkaPort)),
                Set.of(),
                384));
        services.add(new ServiceSpec(
                REDIS,
                1,
                "",
                List.of(),
                Map.of("redis", redisPort),
                Optional.of(URI.create("redis://127.0.0.1:" + redisPort)),
                Set.of(),
                0));
        addInstances(
                COORDINATOR,
                "dev.guildcast.coordinator.CoordinatorApplication",
                options.instances().coordinators(),
                128);
        addInstances(PRESENCE, "dev.guildcast.presence.PresenceApplication", 1, 128);
        addInstances(VOICE, "dev.guildcast.voice.VoiceApplication", 1, 128);
        addInstances(
                SESSION,
                "dev.guildcast.session.SessionApplication",
                options.instances().sessionServices(),
                320);
        addInstances(
                FANOUT,
                "dev.guildcast.fanout.FanoutApplication",
                options.instances().fanouts(),
                256);
        addInstances(
                GATEWAY,
                "dev.guildcast.gateway.GatewayApplication",
                options.instances().gateways(),
                256);
        addInstances(
                VOICE_SERVER,
                "dev.guildcast.voiceserver.VoiceServerApplication",
                options.instances().voiceServers(),
                64);
        addInstances(BACKEND, "dev.guildcast.backend.BackendApplication", 1, 128);
        var withAllSettings = services.stream()
                .map(spec -> withSettings(spec, options.settings()))
                .toList();
        services.clear();
        services.addAll(withAllSettings);
        ports.release();
    }

    public List<ServiceSpec> services() {
        return List.copyOf(services);
    }

    public SuitePorts ports() {
        return ports;
    }

    /// The port of the forwarder for gateway connections.
    public int gatewayPort() {
        return gatewayPort;
    }

    /// The port that clients of voice channels connect to, by TLS.
    public int voiceGatewayPort() {
        return voiceGatewayPort;
    }

    public int ingressPort() {
        return ingressPort;
    }

    public int ingressGrpcPort() {
        return ingressGrpcPort;
    }

    public String api() {
        return "http://127.0.0.1:" + restPort + "/api";
    }

    public String gatewayUrl() {
        return "ws://127.0.0.1:" + gatewayPort;
    }

    public List<String> gatewayUrls() {
        return mapInstances(GATEWAY, spec -> "ws://127.0.0.1:" + spec.ports().get("http"))
                .toList();
    }

    public URI ingressUrl() {
        return URI.create("http://127.0.0.1:" + ingressPort + "/ingress/v1/events");
    }

    public String ingressGrpcTarget() {
        return "127.0.0.1:" + ingressGrpcPort;
    }

    private void addInstances(String name, String mainClass, int count, int heapMegabytes) {
        for (int index = 1; index <= count; index++) {
            var id = name + "-" + index;
            var instancePorts = new LinkedHashMap<String, Integer>();
            switch (name) {
                case BACKEND -> instancePorts.put("http", restPort);
                case VOICE_SERVER -> {
                    instancePorts.put("http", ports.instance(id + " http"));
                    instancePorts.put("media", ports.instance(id + " media"));
                }
                default -> {
                    instancePorts.put("http", ports.instance(id + " http"));
                    instancePorts.put("grpc", ports.instance(id + " grpc"));
                    if (name.equals(GATEWAY)) {
                        instancePorts.put("management", ports.instance(id + " management"));
                    }
                    if (name.equals(FANOUT)) {
                        instancePorts.put("ingress", ports.instance(id + " ingress"));
                        instancePorts.put("ingress-grpc", ports.instance(id + " ingress over gRPC"));
                    }
                }
            }
            services.add(new ServiceSpec(
                    name, index, mainClass, List.of(), instancePorts, Optional.empty(), Set.of(), heapMegabytes));
        }
    }

    /// Settings contain ports of other services, so they are added when all ports are allocated.
    private ServiceSpec withSettings(ServiceSpec spec, Map<String, String> settings) {
        if (spec.name().equals(KAFKA) || spec.name().equals(REDIS)) {
            return spec;
        }
        var args = new LinkedHashMap<String, String>();
        var health = Optional.ofNullable(
                        spec.ports().getOrDefault("management", spec.ports().get("http")))
                .map(http -> URI.create("http://127.0.0.1:" + http + "/actuator/health/readiness"));
        addCommonSettings(spec, args);
        switch (spec.name()) {
            case GATEWAY -> {
                args.put("management.server.port", Integer.toString(spec.port("management")));
                args.put("gateway.token.kind", "file");
                args.put("gateway.token.file", folder.tokens().toString());
                args.put("gateway.public.url", gatewayUrl());
                // Every client gets op 7 before its close, and the service still ends within the 1.5 s that it has to
                // close.
                args.put("gateway.drain.window", "500ms");
                args.put("gateway.voice.target", firstGrpcAddress(VOICE));
            }
            case VOICE -> {
                args.put("voice.gateway.address", "127.0.0.1");
                args.put("voice.gateway.port", Integer.toString(voiceGatewayPort));
                args.put("voice.gateway.ssl-bundle", "voice-gateway");
                args.put("spring.ssl.bundle.jks.voice-gateway.keystore.type", "PKCS12");
                args.put("spring.ssl.bundle.jks.voice-gateway.keystore.location", "file:" + folder.voiceKeyStore());
                args.put("spring.ssl.bundle.jks.voice-gateway.keystore.password", VOICE_KEY_STORE_PASSWORD);
            }
            case COORDINATOR -> {
                // With one broker there is one replica.
                args.put("coordinator.topics.replication", "1");
                args.put("coordinator.topics.min-insync", "1");
            }
            case SESSION -> {
                args.put("session.presence.target", firstGrpcAddress(PRESENCE));
                // Payloads kept for about a second die in the young generation. Kept longer they would be copied at
                // each collection and fill the old generation of a small heap, and each full collection pauses the
                // service for 0.3 s. Replays that reach further back read the log.
                args.put("session.resume.payload-memory", "512KB");
            }
            case FANOUT -> {
                args.put("ingress.http.port", Integer.toString(spec.port("ingress")));
                args.put("ingress.grpc.port", Integer.toString(spec.port("ingress-grpc")));
                args.put("ingress.tokens.world", digest(tokens.world()));
                args.put("ingress.tokens.local", digest(tokens.local()));
                args.put("ingress.tokens.backend", digest(tokens.backend()));
                args.put("fanout.presence.target", firstGrpcAddress(PRESENCE));
            }
            case VOICE_SERVER -> {
                args.put("voice-server.link.target", firstGrpcAddress(VOICE));
                args.put("voice-server.link.server-id", spec.id());
                // Its calls are moved within milliseconds, and the suite kills what has not ended after 2 s.
                args.put("voice-server.link.drain-window", "500ms");
                args.put("voice-server.socket.address", "127.0.0.1");
                args.put("voice-server.socket.port", Integer.toString(spec.port("media")));
            }
            case BACKEND -> {
                args.put("backend.world", folder.world().toString());
                args.put("backend.tokens", folder.tokens().toString());
                args.put("backend.gateway", "http://127.0.0.1:" + gatewayPort);
                args.put("backend.ingress.target", ingressGrpcTarget());
                args.put("backend.ingress.token", tokens.backend());
            }
            default -> {}
        }
        args.putAll(settings);
        var dependencies = switch (spec.name()) {
            case COORDINATOR -> Set.of(KAFKA, REDIS);
            case VOICE_SERVER -> Set.of(VOICE);
            case BACKEND -> Set.of(KAFKA);
            default -> Set.of(KAFKA, REDIS, COORDINATOR);
        };
        var arguments = args.entrySet().stream()
                .map(arg -> "--" + arg.getKey() + "=" + arg.getValue())
                .toList();
        return new ServiceSpec(
                spec.name(),
                spec.index(),
                spec.mainClass(),
                arguments,
                spec.ports(),
                health,
                dependencies,
                spec.heapMegabytes());
    }

    /// As ingress stores a token, so that no argument of a process contains one.
    private static String digest(String token) {
        return "sha256:" + TokenDigest.of(token);
    }

    private void addCommonSettings(ServiceSpec spec, Map<String, String> args) {
        args.put("server.address", "127.0.0.1");
        args.put("server.port", Integer.toString(spec.port("http")));
        if (spec.ports().containsKey("grpc")) {
            int grpc = spec.port("grpc");
            args.put("spring.grpc.server.address", "127.0.0.1");
            args.put("spring.grpc.server.port", Integer.toString(grpc));
            args.put("guildcast.node.address", "127.0.0.1:" + grpc);
        }
        // Not the secret itself, which other users of this machine would see among the arguments.
        args.put("guildcast.internal.secret-file", folder.internalSecret().toString());
        args.put("guildcast.kafka.bootstrap-servers", "127.0.0.1:" + kafkaPort);
        args.put(
                "guildcast.coordinator.target",
                mapInstances(COORDINATOR, this::grpcAddress).collect(Collectors.joining(",")));
        args.put("spring.data.redis.host", "127.0.0.1");
        args.put("spring.data.redis.port", Integer.toString(redisPort));
        args.put("spring.main.banner-mode", "off");
        // The suite kills what has not ended after 1.5 s.
        args.put("spring.lifecycle.timeout-per-shutdown-phase", "500ms");
    }

    private String firstGrpcAddress(String name) {
        return mapInstances(name, this::grpcAddress).findFirst().orElseThrow();
    }

    private String grpcAddress(ServiceSpec spec) {
        return "127.0.0.1:" + spec.port("grpc");
    }

    private <T> Stream<T> mapInstances(String name, Function<ServiceSpec, T> what) {
        return services.stream().filter(spec -> spec.name().equals(name)).map(what);
    }
}
