export const login = {
  heading: "Log in",
  user: "User",
  password: "Password",
  submit: "Log in",
  wrong: "User or password are wrong.",
  expired: "Your session has ended. Log in again to go on where you were.",
  missing: "Enter a user and a password.",
  story: "The server that learns",
};
