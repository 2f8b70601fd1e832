# One image for all six services: the argument names the one to run. Third-party jars are one layer, ours another, so
# that a new version of the code moves a few MB.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
# Third-party jars go to /image/lib, our own to /image/own, and each service's class path, as it will be, to an argument
# file. The bill of materials (CycloneDX) of each goes to /image/sbom.
RUN set -eu; \
    services=gateway-service,session-service,fanout-service,presence-service,voice-signaling-service,shard-coordinator; \
    ./mvnw -B -q -DskipTests -Djacoco.skip -Dspotless.check.skip -Dcyclonedx.skip=false -pl "$services" -am package \
        dependency:copy-dependencies dependency:build-classpath \
        -DincludeScope=runtime -DexcludeGroupIds=dev.guildcast -DoutputDirectory=/image/lib \
        -Dmdep.prefix=/app/lib -Dmdep.outputFile=target/class-path; \
    mkdir -p /image/own /image/run /image/sbom; \
    for module in common-proto shard-runtime $(echo "$services" | tr , ' '); do \
        cp "$module"/target/*-SNAPSHOT.jar "/image/own/$module.jar"; \
    done; \
    for module in $(echo "$services" | tr , ' '); do \
        own="/app/own/$module.jar:/app/own/common-proto.jar"; \
        case "$module" in shard-coordinator) ;; *) own="$own:/app/own/shard-runtime.jar" ;; esac; \
        printf '%s\n' "-cp $own:$(cat "$module/target/class-path")" > "/image/run/$module.args"; \
        cp "$module/target/classes/META-INF/sbom/application.cdx.json" "/image/sbom/$module.cdx.json"; \
    done

FROM eclipse-temurin:25-jre
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin guildcast
WORKDIR /app
COPY --from=build /image/lib /app/lib
COPY --from=build /image/own /app/own
COPY --from=build /image/run /app/run
COPY --from=build /image/sbom /app/sbom
COPY docker/run /app/bin/run
USER 10001
# Clients (gateway-service), actuator as the chart sets it, gRPC, ingress.
EXPOSE 8080 8081 9090 8090
ENTRYPOINT ["/app/bin/run"]
