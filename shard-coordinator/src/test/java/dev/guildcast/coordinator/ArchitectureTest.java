package dev.guildcast.coordinator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.coordinator");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.guildcast.(coordinator.*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersNamedForKafkaKnowKafka() {
        noClasses()
                .that(areNotNamedFor("Kafka"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.."))
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersNamedForGrpcKnowGrpc() {
        noClasses()
                .that(areNotNamedFor("Grpc"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "org.springframework.grpc.."))
                .check(CLASSES);
    }

    @Test
    void placementAndLeasesDecideFromWhatTheyAreHanded() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.guildcast.coordinator.placement..", "dev.guildcast.coordinator.lease..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.."))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> areNotNamedFor(String technology) {
        return new DescribedPredicate<>("are not named for " + technology) {
            @Override
            public boolean test(JavaClass type) {
                var outermost = type;
                while (outermost.getEnclosingClass().isPresent()) {
                    outermost = outermost.getEnclosingClass().get();
                }
                return !outermost.getSimpleName().startsWith(technology)
                        && !outermost.getPackageName().startsWith("dev.guildcast.coordinator.v1");
            }
        };
    }
}
