package dev.guildcast.suite.plan;

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

/// The services of one suite and the addresses at which it is reached.
///
/// - **Owner:** made once, by one thread; read by any.
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

    /// Publishers and the tokens they show at the ingress.
    ///
    /// @param world loads the world
    /// @param local is printed for whoever runs the suite
    /// @param backend is the chat backend's
    public record IngressTokens(String world, String local, String backend) {}

    private final SuiteFolder folder;
    private final IngressTokens tokens;
    private final SuitePorts ports;
    private final int rest;
    private final int gateway;
    private final int ingress;
    private final int ingressGrpc;
    private final int kafka;
    private final int redis;
    private final List<ServiceSpec> services = new ArrayList<>();

    public SuitePlan(SuiteOptions options, SuiteFolder folder, IngressTokens tokens) {
        this.folder = folder;
        this.tokens = tokens;
        this.ports = new SuitePorts(options.port());
        rest = ports.rest();
        gateway = ports.gateway();
        ingress = ports.ingress();
        ingressGrpc = ports.ingressGrpc();
        kafka = ports.kafka();
        redis = ports.redis();
        services.add(new ServiceSpec(
                KAFKA,
                1,
                "dev.guildcast.suite.plan.KafkaService",
                List.of(Integer.toString(kafka), folder.kafka().toString()),
                Map.of("kafka", kafka),
                Optional.empty(),
                Set.of(),
                384));
        services.add(new ServiceSpec(REDIS, 1, "", List.of(), Map.of("redis", redis), Optional.empty(), Set.of(), 0));
        instances(COORDINATOR, "dev.guildcast.coordinator.CoordinatorApplication", options.coordinators(), 128);
        instances(PRESENCE, "dev.guildcast.presence.PresenceApplication", 1, 128);
        instances(VOICE, "dev.guildcast.voice.VoiceApplication", 1, 128);
        instances(SESSION, "dev.guildcast.session.SessionApplication", options.sessionServices(), 320);
        instances(FANOUT, "dev.guildcast.fanout.FanoutApplication", options.fanouts(), 256);
        instances(GATEWAY, "dev.guildcast.gateway.GatewayApplication", options.gateways(), 256);
        instances(VOICE_SERVER, "dev.guildcast.suite.voice.RegisteringVoiceServer", 1, 48);
        instances(BACKEND, "dev.guildcast.backend.BackendApplication", 1, 128);
        var finished = services.stream()
                .map(spec -> configured(spec, options.settings()))
                .toList();
        services.clear();
        services.addAll(finished);
        ports.release();
    }

    public List<ServiceSpec> services() {
        return List.copyOf(services);
    }

    public SuitePorts ports() {
        return ports;
    }

    /// The port that the forwarder of gateway connections takes.
    public int gatewayPort() {
        return gateway;
    }

    public int ingressPort() {
        return ingress;
    }

    public int ingressGrpcPort() {
        return ingressGrpc;
    }

    public String api() {
        return "http://127.0.0.1:" + rest + "/api";
    }

    public String gatewayUrl() {
        return "ws://127.0.0.1:" + gateway;
    }

    public List<String> gatewayUrls() {
        return all(GATEWAY, spec -> "ws://127.0.0.1:" + spec.ports().get("http"))
                .toList();
    }

    public URI ingressUrl() {
        return URI.create("http://127.0.0.1:" + ingress + "/ingress/v1/events");
    }

    public String ingressGrpcTarget() {
        return "127.0.0.1:" + ingressGrpc;
    }

    private void instances(String name, String mainClass, int count, int heapMegabytes) {
        for (int index = 1; index <= count; index++) {
            var id = name + "-" + index;
            var own = new LinkedHashMap<String, Integer>();
            switch (name) {
                case BACKEND -> own.put("http", rest);
                case VOICE_SERVER -> own.put("voice", ports.instance(id + " voice"));
                default -> {
                    own.put("http", ports.instance(id + " http"));
                    own.put("grpc", ports.instance(id + " grpc"));
                    if (name.equals(FANOUT)) {
                        own.put("ingress", ports.instance(id + " ingress"));
                    }
                }
            }
            services.add(
                    new ServiceSpec(name, index, mainClass, List.of(), own, Optional.empty(), Set.of(), heapMegabytes));
        }
    }

    /// Settings name ports of other services, so they come when all ports are known.
    private ServiceSpec configured(ServiceSpec spec, Map<String, String> settings) {
        if (spec.name().equals(KAFKA) || spec.name().equals(REDIS)) {
            return spec;
        }
        var args = new LinkedHashMap<String, String>();
        var health = Optional.ofNullable(spec.ports().get("http"))
                .map(http -> URI.create("http://127.0.0.1:" + http + "/actuator/health/readiness"));
        boolean service = !spec.name().equals(VOICE_SERVER);
        if (service) {
            common(spec, args);
        }
        switch (spec.name()) {
            case GATEWAY -> {
                args.put("gateway.token.kind", "file");
                args.put("gateway.token.file", folder.tokens().toString());
                args.put("gateway.public.url", gatewayUrl());
                // Whoever ends the suite does not wait for clients to go one by one.
                args.put("gateway.drain.window", "0s");
                args.put("gateway.voice.target", grpc(VOICE));
            }
            case COORDINATOR -> {
                // One broker keeps one copy.
                args.put("coordinator.topics.replication", "1");
                args.put("coordinator.topics.min-insync", "1");
            }
            case SESSION -> {
                args.put("session.presence.target", grpc(PRESENCE));
                // Records of a second die young, and those that live at a collection are copied: that is its pause.
                // Those kept longer would fill the old part of a small heap, and each full collection is a pause of
                // 0.3 s. Replays that reach further back read the log.
                args.put("session.resume.payload-memory", "512KB");
            }
            case FANOUT -> {
                args.put("ingress.http.port", Integer.toString(spec.port("ingress")));
                args.put("ingress.tokens.world", tokens.world());
                args.put("ingress.tokens.local", tokens.local());
                args.put("ingress.tokens.backend", tokens.backend());
                args.put("fanout.presence.target", grpc(PRESENCE));
            }
            case VOICE_SERVER -> {
                args.put("voice", grpc(VOICE));
                args.put("endpoint", "127.0.0.1:" + spec.ports().get("voice"));
            }
            case BACKEND -> {
                args.put("backend.world", folder.world().toString());
                args.put("backend.tokens", folder.tokens().toString());
                args.put("backend.gateway", "http://127.0.0.1:" + gateway);
                args.put("backend.ingress.target", ingressGrpcTarget());
                args.put("backend.ingress.token", tokens.backend());
            }
            default -> {}
        }
        if (service) {
            args.putAll(settings);
        }
        var after = switch (spec.name()) {
            case COORDINATOR -> Set.of(KAFKA, REDIS);
            case VOICE_SERVER -> Set.of(VOICE);
            case BACKEND -> Set.of(KAFKA);
            default -> Set.of(KAFKA, REDIS, COORDINATOR);
        };
        var lines = args.entrySet().stream()
                .map(arg -> "--" + arg.getKey() + "=" + arg.getValue())
                .toList();
        return new ServiceSpec(
                spec.name(), spec.index(), spec.mainClass(), lines, spec.ports(), health, after, spec.heapMegabytes());
    }

    private void common(ServiceSpec spec, Map<String, String> args) {
        args.put("server.address", "127.0.0.1");
        args.put("server.port", Integer.toString(spec.port("http")));
        if (spec.ports().containsKey("grpc")) {
            int grpc = spec.port("grpc");
            args.put("spring.grpc.server.address", "127.0.0.1");
            args.put("spring.grpc.server.port", Integer.toString(grpc));
            args.put("guildcast.node.address", "127.0.0.1:" + grpc);
        }
        args.put("guildcast.kafka.bootstrap-servers", "127.0.0.1:" + kafka);
        args.put("guildcast.coordinator.target", all(COORDINATOR, this::grpcOf).collect(Collectors.joining(",")));
        args.put("spring.data.redis.host", "127.0.0.1");
        args.put("spring.data.redis.port", Integer.toString(redis));
        args.put("spring.main.banner-mode", "off");
        args.put("spring.lifecycle.timeout-per-shutdown-phase", "5s");
    }

    private String grpc(String name) {
        return all(name, this::grpcOf).findFirst().orElseThrow();
    }

    private String grpcOf(ServiceSpec spec) {
        return "127.0.0.1:" + spec.port("grpc");
    }

    private <T> Stream<T> all(String name, Function<ServiceSpec, T> what) {
        return services.stream().filter(spec -> spec.name().equals(name)).map(what);
    }
}
