import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

main(setup);
