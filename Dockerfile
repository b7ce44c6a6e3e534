# One image for all services: the workspace as it is, run by Node directly, started by command.
FROM node:24-slim

RUN npm install --global pnpm@12.21.0
WORKDIR /app

COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages packages
COPY services services
RUN pnpm install --frozen-lockfile --prod

ENV HOST=0.0.0.0 PORT=8080
USER node
EXPOSE 8080
CMD ["node", "services/api/src/main.ts"]
